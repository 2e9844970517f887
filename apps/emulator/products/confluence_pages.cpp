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

/// The page of the path, if the caller may see it.
Page* visible_page(const ProductCall& call) {
  const Page* found = call.site.find_page(call.parameters.at("id"));
  if (found == nullptr || !may_see(found->visible_to, call.account())) return nullptr;
  return &call.site.pages[static_cast<std::size_t>(found - call.site.pages.data())];
}

HttpResponse get_page(ProductCall& call) {
  if (!knows_format(call)) return unknown_format();
  const Page* page = visible_page(call);
  if (page == nullptr) return no_such_content();
  return single(call, 200, page_view(call, *page, call.http.parameter("body-format").has_value()));
}

HttpResponse list_pages(const ProductCall& call, const std::vector<std::string>& spaces) {
  if (!knows_format(call)) return unknown_format();
  const auto ids = call.http.list("id");
  const auto title = call.http.parameter("title");
  const auto among = [](const std::vector<std::string>& wanted, const std::string& value) {
    return wanted.empty() || std::find(wanted.begin(), wanted.end(), value) != wanted.end();
  };
  std::vector<const Page*> pages;
  for (const auto& page : call.site.pages) {
    const bool wanted = among(spaces, page.space) && among(ids, page.id) && (!title || *title == page.title);
    if (wanted && may_see(page.visible_to, call.account())) pages.push_back(&page);
  }
  std::sort(pages.begin(), pages.end(),
            [](const Page* a, const Page* b) { return is_smaller_id(a->id, b->id); });
  std::vector<std::string_view> order;
  for (const Page* page : pages) order.emplace_back(page->id);
  const auto part = cursor_page(call.http, order);
  if (!part) return bad_cursor();
  json::array results;
  for (std::size_t i = part->begin; i < part->end; ++i)
    results.push_back(page_view(call, *pages[i], call.http.parameter("body-format").has_value()));
  return cursor_answer(call, *part, std::move(results));
}

HttpResponse get_pages(ProductCall& call) { return list_pages(call, call.http.list("space-id")); }

HttpResponse get_pages_in_space(ProductCall& call) {
  const std::string& space = call.parameters.at("id");
  return call.site.find_space(space) == nullptr ? no_such_content() : list_pages(call, {space});
}

/// The body of a request that writes a page, in the storage format, alone or below `storage`. Empty text: it
/// has none. Nothing: it is in another format.
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
  page.created = call.now;
  const Page& made = call.site.pages.emplace_back(std::move(page));
  return single(call, 200, page_view(call, made, true));
}

HttpResponse update_page(ProductCall& call) {
  Page* page = visible_page(call);
  if (page == nullptr) return no_such_content();
  const auto read = parse_json_object(call.http.body);
  if (const auto* problem = std::get_if<Problem>(&read))
    return confluence_error(400, "INVALID_REQUEST_PARAMETER", problem->describe());
  const auto& request = std::get<json::object>(read);
  auto body = storage_in(request);
  if (!body) return other_representation();
  const json::object* version = object_in(request, "version");
  const json::value* number = version == nullptr ? nullptr : version->if_contains("number");
  if (number == nullptr || !number->is_int64() || number->get_int64() != page->version + 1) {
    return confluence_error(409, "CONFLICT",
                            "Version must be incremented: the next is " + std::to_string(page->version + 1));
  }
  if (const auto title = text_in(request, "title"); !title.empty()) page->title = title;
  page->body = *std::move(body);
  ++page->version;
  return single(call, 200, page_view(call, *page, true));
}

HttpResponse update_page_title(ProductCall& call) {
  Page* page = visible_page(call);
  if (page == nullptr) return no_such_content();
  const auto read = parse_json_object(call.http.body);
  if (const auto* problem = std::get_if<Problem>(&read))
    return confluence_error(400, "INVALID_REQUEST_PARAMETER", problem->describe());
  const std::string_view title = text_in(std::get<json::object>(read), "title");
  if (title.empty()) return confluence_error(400, "INVALID_REQUEST_PARAMETER", "A page needs a title");
  page->title = title;
  ++page->version;
  return single(call, 200, page_view(call, *page, false));
}

HttpResponse delete_page(ProductCall& call) {
  const Page* page = visible_page(call);
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
