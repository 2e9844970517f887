#include "client/page_step.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

#include "client/json_object.hpp"
#include "client/page_link.hpp"
#include "client/path_template.hpp"
#include "http/url.hpp"

namespace tongs::detail {

namespace {

using Where = PagePosition::Where;

PagePosition end() { return {.where = Where::end}; }
PagePosition inside(std::string value) { return {.where = Where::inside, .value = std::move(value)}; }
Error malformed(const char* message) { return {Errc::malformed_response, message}; }

std::string_view name_of(PageKind kind) noexcept {
  switch (kind) {
    case PageKind::offset:
      return "offset:";
    case PageKind::token:
      return "token:";
    case PageKind::link:
      return "link:";
    case PageKind::cursor:
      return "cursor:";
  }
  return "offset:";
}

std::string_view parameter_of(const Paging& paging) noexcept {
  if (!paging.parameter.empty()) return paging.parameter;
  switch (paging.kind) {
    case PageKind::offset:
      return "startAt";
    case PageKind::token:
      return "nextPageToken";
    default:
      return "cursor";
  }
}

std::string_view next_of(const Paging& paging) noexcept {
  if (!paging.next.empty()) return paging.next;
  return paging.kind == PageKind::token ? "nextPageToken" : "_links.next";
}

std::optional<std::int64_t> parse_offset(std::string_view text) noexcept {
  std::int64_t offset = 0;
  const auto [last, failed] = std::from_chars(text.data(), text.data() + text.size(), offset);
  if (failed != std::errc{} || last != text.data() + text.size() || offset < 0) return std::nullopt;
  return offset;
}

JsonView at_path(JsonView view, std::string_view path) {
  while (!path.empty()) {
    const std::size_t dot = std::min(path.find('.'), path.size());
    view = view[path.substr(0, dot)];
    path.remove_prefix(std::min(dot + 1, path.size()));
  }
  return view;
}

/// Beside the list, or at the top if the list lies deeper.
JsonView find_member(const PageView& page, std::string_view path) {
  const JsonView near = at_path(page.envelope, path);
  return near ? near : at_path(page.root, path);
}

template <class... Names>
JsonView first_of(const PageView& page, Names... names) {
  JsonView found;
  ((found = found ? found : find_member(page, names)), ...);
  return found;
}

JsonView stated_offset(const PageView& page) { return first_of(page, "startAt", "start", "offset"); }

bool says_last(const PageView& page) {
  return first_of(page, "isLast", "isLastPage", "lastPage", "last").boolean().value_or(false);
}

std::string with_member(JsonView object, std::string_view name, std::string_view json) {
  JsonObject changed;
  for (auto member = object.begin(); member != object.end(); ++member) {
    if (member.key() != name) changed.add(member.key(), (*member).text());
  }
  return changed.add(name, json).text();
}

Result<void> set_in_body(ApiRequest& request, const Paging& paging, const std::string& value) {
  const auto body = JsonDocument::parse(request.body.value_or("{}"));
  if (!body || body->root().kind() != JsonView::Kind::object) {
    return Error(Errc::invalid_argument,
                 "the body of a request that is paged in its body must be a JSON object");
  }
  const std::string json = paging.kind == PageKind::offset ? value : json_quote(value);
  request.body = with_member(body->root(), parameter_of(paging), json);
  return {};
}

void set_in_query(ApiRequest& request, std::string_view name, const std::string& value) {
  std::erase_if(request.query, [&](const auto& pair) { return pair.first == name; });
  request.query.emplace_back(name, value);
}

/// The offset that a request asks for; 0 if it does not say.
std::int64_t asked_offset(const ApiRequest& asked, const Paging& paging) {
  const std::string_view name = parameter_of(paging);
  if (paging.in_body) {
    const auto body = JsonDocument::parse(asked.body.value_or("{}"));
    return body ? (*body)[name].integer().value_or(0) : 0;
  }
  for (const auto& [key, value] : asked.query) {
    if (key == name) return parse_offset(value).value_or(0);
  }
  return 0;
}

Result<PagePosition> after_offset(const PageView& page, const ApiRequest& asked, const Paging& paging) {
  const auto count = static_cast<std::int64_t>(page.items.size());
  if (count == 0 || says_last(page)) return end();
  const std::int64_t here = asked_offset(asked, paging);
  if (stated_offset(page).integer().value_or(here) != here) {
    return malformed("the server answered another page than the one asked for");
  }
  if (here > std::numeric_limits<std::int64_t>::max() - count) return end();
  const std::int64_t next = here + count;
  const auto total = find_member(page, "total").integer();
  const JsonView links = page.envelope["_links"];
  if ((total && next >= *total) || (links && !links["next"])) return end();
  return inside(std::to_string(next));
}

Result<PagePosition> after_token(const PageView& page, const Paging& paging) {
  const std::string_view token = find_member(page, next_of(paging)).string_or({});
  return token.empty() || says_last(page) ? end() : inside(std::string(token));
}

Result<PagePosition> after_link(const PageView& page, const HttpResponse& answer, const ApiRequest& asked,
                                const Paging& paging) {
  std::string link(find_member(page, next_of(paging)).string_or({}));
  if (link.empty()) link = next_of_link_header(answer).value_or("");
  if (link.empty() || says_last(page)) return end();
  const auto path = fill_path(asked.path, asked.path_parameters);
  if (!path) return path.error();
  auto query = query_of_next_link(link, *path);
  const auto pairs = query ? parse_query(*query) : std::nullopt;
  if (!pairs) return malformed("the link to the next page leads to another operation, or is no link");
  if (paging.kind == PageKind::link) return inside(*std::move(query));
  const auto cursor = std::find_if(pairs->begin(), pairs->end(),
                                   [&](const auto& pair) { return pair.first == parameter_of(paging); });
  if (cursor == pairs->end()) return malformed("the link to the next page has no cursor");
  return inside(cursor->second);
}

}  // namespace

std::string format_position(const PagePosition& position, PageKind kind) {
  if (position.where == Where::start) return "start";
  if (position.where == Where::end) return "end";
  return std::string(name_of(kind)) + position.value;
}

Result<PagePosition> parse_position(std::string_view text, PageKind kind) {
  if (text == "start") return PagePosition{};
  if (text == "end") return end();
  const Error foreign(Errc::invalid_argument, "this is no position of a pager of this kind");
  if (!text.starts_with(name_of(kind))) return foreign;
  text.remove_prefix(name_of(kind).size());
  const bool fine = kind == PageKind::offset ? parse_offset(text).has_value()
                    : kind == PageKind::link ? parse_query(text).has_value()
                                             : !text.empty();
  return fine ? Result<PagePosition>(inside(std::string(text))) : foreign;
}

Result<ApiRequest> request_at(const ApiRequest& first, const Paging& paging, const PagePosition& position) {
  ApiRequest request = first;
  if (position.where != Where::inside) return request;
  if (paging.kind == PageKind::link) {
    request.query = parse_query(position.value).value_or(QueryPairs{});
  } else if (!paging.in_body) {
    set_in_query(request, parameter_of(paging), position.value);
  } else if (auto set = set_in_body(request, paging, position.value); !set) {
    return set.error();
  }
  return request;
}

Result<PageView> find_items(JsonView root, const Paging& paging) {
  const std::size_t dot = paging.items.rfind('.');
  const std::string_view path = paging.items;
  PageView page{.root = root, .envelope = root, .items = at_path(root, path)};
  if (dot != std::string::npos) page.envelope = at_path(root, path.substr(0, dot));
  if (page.items.kind() != JsonView::Kind::array) {
    return malformed("the page has no list where its items should be");
  }
  return page;
}

Result<PagePosition> position_after(const PageView& page, const HttpResponse& answer, const ApiRequest& asked,
                                    const Paging& paging) {
  switch (paging.kind) {
    case PageKind::offset:
      return after_offset(page, asked, paging);
    case PageKind::token:
      return after_token(page, paging);
    case PageKind::link:
    case PageKind::cursor:
      return after_link(page, answer, asked, paging);
  }
  return end();
}

bool says_its_offset(const PageView& page) noexcept { return stated_offset(page).exists(); }

}  // namespace tongs::detail
