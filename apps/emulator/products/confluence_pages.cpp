#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "emulator/products/confluence_views.hpp"
#include "emulator/products/stateful.hpp"

namespace tongs::emulator {

namespace {

Page* page_of(const ProductCall& call) { return visible_page(call, call.parameters.at("id")); }

HttpResponse get_page(ProductCall& call) {
  if (!knows_format(call)) return unknown_format();
  const Page* page = page_of(call);
  if (page == nullptr) return no_such_content();
  return single(call, 200, page_view(call, *page, call.http.parameter("body-format").has_value()));
}

HttpResponse list_pages(const ProductCall& call, const std::vector<std::string>& spaces) {
  if (!knows_format(call)) return unknown_format();
  const auto ids = call.http.list("id");
  const auto title = call.http.parameter("title");
  std::vector<const Page*> pages;
  for (const auto& page : call.site.pages) {
    const bool wanted = lists_current(call.http) && among(spaces, page.space) && among(ids, page.id) &&
                        (!title || *title == page.title);
    if (wanted && may_see(page.visible_to, call.account())) pages.push_back(&page);
  }
  return pages_answer(call, std::move(pages));
}

HttpResponse get_pages(ProductCall& call) { return list_pages(call, call.http.list("space-id")); }

HttpResponse get_pages_in_space(ProductCall& call) {
  const std::string& space = call.parameters.at("id");
  return call.site.find_space(space) == nullptr ? no_such_content() : list_pages(call, {space});
}

HttpResponse create_page(ProductCall& call) {
  const auto read = parse_json_object(call.http.body);
  if (const auto* problem = std::get_if<Problem>(&read))
    return confluence_error(400, "INVALID_REQUEST_PARAMETER", problem->describe());
  const auto& request = std::get<json::object>(read);
  const Space* space = call.site.find_space(text_in(request, "spaceId"));
  if (space == nullptr) return confluence_error(404, "NOT_FOUND", "There is no space with this id");
  auto body = storage_in(request);
  if (!body) return other_representation();
  const std::string_view title = text_in(request, "title");
  const bool taken = std::any_of(call.site.pages.begin(), call.site.pages.end(), [&](const Page& page) {
    return page.space == space->id && page.title == title;
  });
  if (title.empty()) return confluence_error(400, "INVALID_REQUEST_PARAMETER", "A page needs a title");
  if (taken) {
    return confluence_error(400, "INVALID_REQUEST_PARAMETER",
                            "A page with this title already exists in the space");
  }
  Page page;
  page.id = call.site.next_id();
  page.space = space->id;
  page.title = title;
  page.body = *std::move(body);
  page.author = call.account();
  page.created = page.updated = call.now;
  const Page& made = call.site.pages.emplace_back(std::move(page));
  return single(call, 200, page_view(call, made, true));
}

HttpResponse update_page(ProductCall& call) {
  Page* page = page_of(call);
  if (page == nullptr) return no_such_content();
  const auto read = parse_json_object(call.http.body);
  if (const auto* problem = std::get_if<Problem>(&read))
    return confluence_error(400, "INVALID_REQUEST_PARAMETER", problem->describe());
  const auto& request = std::get<json::object>(read);
  auto body = storage_in(request);
  if (!body) return other_representation();
  if (!is_next_version(request, page->version)) return other_version(page->version);
  if (const auto title = text_in(request, "title"); !title.empty()) page->title = title;
  page->body = *std::move(body);
  page->updated = call.now;
  ++page->version;
  return single(call, 200, page_view(call, *page, true));
}

HttpResponse update_page_title(ProductCall& call) {
  Page* page = page_of(call);
  if (page == nullptr) return no_such_content();
  const auto read = parse_json_object(call.http.body);
  if (const auto* problem = std::get_if<Problem>(&read))
    return confluence_error(400, "INVALID_REQUEST_PARAMETER", problem->describe());
  const std::string_view title = text_in(std::get<json::object>(read), "title");
  if (title.empty()) return confluence_error(400, "INVALID_REQUEST_PARAMETER", "A page needs a title");
  page->title = title;
  page->updated = call.now;
  ++page->version;
  return single(call, 200, page_view(call, *page, false));
}

HttpResponse delete_page(ProductCall& call) {
  const Page* page = page_of(call);
  if (page == nullptr) return no_such_content();
  std::erase_if(call.site.pages, [id = page->id](const Page& other) { return other.id == id; });
  return {204, {}, {}};
}

constexpr std::array kOperations{
    StatefulOperation{"get-page-by-id", get_page},
    StatefulOperation{"get-pages", get_pages},
    StatefulOperation{"get-pages-in-space", get_pages_in_space},
    StatefulOperation{"create-page", create_page},
    StatefulOperation{"update-page", update_page},
    StatefulOperation{"update-page-title", update_page_title},
    StatefulOperation{"delete-page", delete_page},
};

}  // namespace

std::span<const StatefulOperation> confluence_page_operations() { return kOperations; }

}  // namespace tongs::emulator
