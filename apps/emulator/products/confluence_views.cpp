#include "emulator/products/confluence_views.hpp"

#include <algorithm>
#include <utility>

#include "base/base64url.hpp"

namespace tongs::emulator {

namespace {

/// The same list behind an item.
std::string next_link(const ApiCall& call, std::string_view last) {
  const std::string_view path = std::string_view(call.path).substr(call.path.find("/wiki/"));
  std::string link = std::string(path) + "?cursor=" + base64url_encode(last);
  for (const auto& [name, value] : call.query) {
    if (name != "cursor")
      link += '&' + tongs::detail::percent_encode(name) + '=' + tongs::detail::percent_encode(value);
  }
  return link;
}

}  // namespace

bool knows_format(const ProductCall& call) {
  const auto format = call.http.parameter("body-format");
  return !format || *format == "storage";
}

HttpResponse unknown_format() {
  return confluence_error(400, "INVALID_REQUEST_PARAMETER",
                          "The emulator knows the body-format storage only");
}

HttpResponse no_such_content() { return confluence_error(404, "NOT_FOUND", "Not Found"); }

Page* visible_page(const ProductCall& call, std::string_view id) {
  const Page* found = call.site.find_page(id);
  if (found == nullptr || !may_see(found->visible_to, call.account())) return nullptr;
  return &call.site.pages[static_cast<std::size_t>(found - call.site.pages.data())];
}

std::optional<std::string> storage_in(const json::object& request) {
  const json::object* body = object_in(request, "body");
  if (body == nullptr) return "";
  if (const json::object* nested = object_in(*body, "storage")) body = nested;
  const std::string_view form = text_in(*body, "representation");
  if (!body->contains("value") || (!form.empty() && form != "storage")) return std::nullopt;
  return std::string(text_in(*body, "value"));
}

HttpResponse other_representation() {
  return confluence_error(400, "INVALID_REQUEST_PARAMETER",
                          "The emulator keeps bodies in the representation storage only");
}

bool is_next_version(const json::object& request, std::int64_t version) noexcept {
  const json::object* given = object_in(request, "version");
  const json::value* number = given == nullptr ? nullptr : given->if_contains("number");
  return number != nullptr && number->is_int64() && number->get_int64() == version + 1;
}

HttpResponse other_version(std::int64_t version) {
  return confluence_error(409, "CONFLICT",
                          "Version must be incremented: the next is " + std::to_string(version + 1));
}

bool among(const std::vector<std::string>& wanted, std::string_view value) noexcept {
  return wanted.empty() || is_among(wanted, value);
}

json::object page_view(const ProductCall& call, const Page& page, bool with_body) {
  const Space* space = call.site.find_space(page.space);
  json::object body;
  if (with_body) body["storage"] = {{"representation", "storage"}, {"value", page.body}};
  return {{"id", page.id},
          {"status", "current"},
          {"title", page.title},
          {"spaceId", page.space},
          {"authorId", page.author},
          {"createdAt", iso_time(page.created)},
          {"version",
           {{"number", page.version}, {"createdAt", iso_time(page.updated)}, {"authorId", page.author}}},
          {"body", std::move(body)},
          {"_links", {{"webui", "/spaces/" + space->key + "/pages/" + page.id}}}};
}

json::object space_view(const Space& space) {
  return {{"id", space.id},   {"key", space.key},    {"name", space.name},
          {"type", "global"}, {"status", "current"}, {"_links", {{"webui", "/spaces/" + space.key}}}};
}

HttpResponse single(const ProductCall& call, int status, json::object shown) {
  shown["_links"].as_object()["base"] = call.site.url + "/wiki";
  return json_answer(status, shown);
}

std::optional<CursorPage> cursor_page(const ApiCall& call, const std::vector<std::string_view>& ids) {
  const auto limit = call.count("limit", 25, 1, 250);
  const auto cursor = call.parameter("cursor");
  const auto after = cursor ? base64url_decode(*cursor) : std::optional<std::string>("");
  if (!limit || !after) return std::nullopt;
  CursorPage page;
  if (!after->empty()) {
    const auto last = std::find(ids.begin(), ids.end(), std::string_view(*after));
    page.begin = last == ids.end() ? ids.size() : static_cast<std::size_t>(last - ids.begin()) + 1;
  }
  page.end = std::min(ids.size(), page.begin + static_cast<std::size_t>(*limit));
  if (page.end < ids.size()) page.next = next_link(call, ids[page.end - 1]);
  return page;
}

HttpResponse cursor_answer(const ProductCall& call, const CursorPage& page, json::array results) {
  json::object links{{"base", call.site.url + "/wiki"}};
  std::vector<Header> headers;
  if (!page.next.empty()) {
    links["next"] = page.next;
    headers.push_back({"link", '<' + page.next + ">; rel=\"next\""});
  }
  return json_answer(200, {{"results", std::move(results)}, {"_links", std::move(links)}},
                     std::move(headers));
}

HttpResponse bad_cursor() {
  return confluence_error(400, "INVALID_REQUEST_PARAMETER", "limit or cursor is not valid");
}

bool lists_current(const ApiCall& call) {
  const auto wanted = call.list("status");
  return among(wanted, "current");
}

std::string sort_key(const Page& page, std::string_view by) {
  if (by == "title") return page.title;
  if (by == "created-date") return iso_time(page.created);
  return by == "modified-date" ? iso_time(page.updated) : std::string();
}

std::string sort_key(const FooterComment& comment, std::string_view by) {
  if (by == "created-date") return iso_time(comment.created);
  return by == "modified-date" ? iso_time(comment.updated) : std::string();
}

std::string sort_key(const Space& space, std::string_view by) {
  if (by == "key") return space.key;
  return by == "name" ? space.name : std::string();
}

std::string sort_key(const Label& label, std::string_view by) {
  return by == "name" ? label.name : std::string();
}

bool is_smaller_id(std::string_view a, std::string_view b) noexcept {
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

HttpResponse pages_answer(const ProductCall& call, std::vector<const Page*> pages) {
  const bool with_body = call.http.parameter("body-format").has_value();
  return cursor_list(call, std::move(pages),
                     [&](const Page& page) { return page_view(call, page, with_body); });
}

}  // namespace tongs::emulator
