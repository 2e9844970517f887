#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/base64url.hpp"
#include "emulator/products/operation.hpp"

namespace tongs::emulator {

namespace {

constexpr std::string_view kPages = "/wiki/api/v2/pages";

/// `body-format`: the emulator keeps bodies in the storage format.
bool knows_format(const ProductCall& call) {
  const auto format = call.http.parameter("body-format");
  return !format || *format == "storage";
}

HttpResponse unknown_format() {
  return confluence_error(400, "INVALID_REQUEST_PARAMETER",
                          "The emulator knows the body-format storage only");
}

json::object page_view(const ProductCall& call, const Page& page) {
  const bool with_body = call.http.parameter("body-format").has_value();
  const Space* space = call.site.find_space(page.space);
  json::object body;
  if (with_body) body["storage"] = {{"representation", "storage"}, {"value", page.body}};
  return {{"id", page.id},
          {"status", "current"},
          {"title", page.title},
          {"spaceId", page.space},
          {"parentId", nullptr},
          {"authorId", page.author},
          {"createdAt", iso_time(page.created)},
          {"version",
           {{"number", page.version}, {"createdAt", iso_time(page.created)}, {"authorId", page.author}}},
          {"body", std::move(body)},
          {"_links", {{"webui", "/spaces/" + space->key + "/pages/" + page.id}}}};
}

HttpResponse get_page(ProductCall& call) {
  if (!knows_format(call)) return unknown_format();
  const Page* page = call.site.find_page(call.parameters.at("id"));
  if (page == nullptr || !may_see(page->visible_to, call.account())) {
    return confluence_error(404, "NOT_FOUND", "Not Found");
  }
  json::object body = page_view(call, *page);
  body["_links"].as_object()["base"] = call.site.url + "/wiki";
  return json_answer(200, body);
}

/// The pages that a list shows, in the order of their ids.
std::vector<const Page*> listed_pages(const ProductCall& call) {
  const auto spaces = call.http.list("space-id"), ids = call.http.list("id");
  const auto title = call.http.parameter("title");
  const auto among = [](const std::vector<std::string>& wanted, const std::string& value) {
    return wanted.empty() || std::find(wanted.begin(), wanted.end(), value) != wanted.end();
  };
  std::vector<const Page*> pages;
  for (const auto& page : call.site.pages) {
    const bool wanted = among(spaces, page.space) && among(ids, page.id) && (!title || *title == page.title);
    if (wanted && may_see(page.visible_to, call.account())) pages.push_back(&page);
  }
  std::sort(pages.begin(), pages.end(), [](const Page* a, const Page* b) {
    return a->id.size() != b->id.size() ? a->id.size() < b->id.size() : a->id < b->id;
  });
  return pages;
}

/// The same list from another place on.
std::string next_link(const ProductCall& call, const std::string& cursor) {
  std::string link = std::string(kPages) + "?cursor=" + cursor;
  for (const auto& [name, value] : call.http.query) {
    if (name != "cursor")
      link += '&' + tongs::detail::percent_encode(name) + '=' + tongs::detail::percent_encode(value);
  }
  return link;
}

HttpResponse get_pages(ProductCall& call) {
  if (!knows_format(call)) return unknown_format();
  const auto limit = call.http.count("limit", 25, 1, 250);
  const auto cursor = call.http.parameter("cursor");
  const auto after = cursor ? base64url_decode(*cursor) : std::optional<std::string>("");
  const auto pages = listed_pages(call);
  auto start = pages.begin();
  if (after && !after->empty()) {
    const auto last =
        std::find_if(pages.begin(), pages.end(), [&](const Page* page) { return page->id == *after; });
    start = last == pages.end() ? last : std::next(last);
  }
  if (!limit || !after)
    return confluence_error(400, "INVALID_REQUEST_PARAMETER", "limit or cursor is not valid");
  json::array results;
  while (start != pages.end() && static_cast<std::int64_t>(results.size()) < *limit) {
    results.push_back(page_view(call, **start++));
  }
  json::object links{{"base", call.site.url + "/wiki"}};
  std::vector<Header> headers;
  if (start != pages.end()) {
    const std::string next = next_link(call, base64url_encode((*std::prev(start))->id));
    links["next"] = next;
    headers.push_back({"link", '<' + next + ">; rel=\"next\""});
  }
  return json_answer(200, {{"results", std::move(results)}, {"_links", std::move(links)}},
                     std::move(headers));
}

}  // namespace

std::span<const Operation> confluence_operations() {
  static const std::array operations{
      Operation{"getPageById", "GET", "/wiki/api/v2/pages/{id}", {"read:page:confluence"}, get_page},
      Operation{"getPages", "GET", kPages, {"read:page:confluence"}, get_pages},
  };
  return operations;
}

}  // namespace tongs::emulator
