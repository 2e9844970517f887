// Labels of pages: v2 reads them, v1 writes them.
#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "emulator/products/confluence_views.hpp"
#include "emulator/products/stateful.hpp"

namespace tongs::emulator {

namespace {

json::object label_view(const Label& label) {
  return {{"id", label.id}, {"name", label.name}, {"prefix", label.prefix}};
}

/// The labels for which `wanted` that stand on one of `pages`, with one of the prefixes that are asked for.
template <class Wanted>
HttpResponse labels_answer(const ProductCall& call, const Wanted& is_wanted_page) {
  const auto prefixes = call.http.list("prefix"), ids = call.http.list("label-id");
  std::vector<const Label*> labels;
  for (const Label& label : call.site.labels) {
    const bool stands = std::any_of(call.site.pages.begin(), call.site.pages.end(), [&](const Page& page) {
      return is_wanted_page(page) && may_see(page.visible_to, call.account()) &&
             is_among(page.labels, label.id);
    });
    if (stands && among(prefixes, label.prefix) && among(ids, label.id)) labels.push_back(&label);
  }
  return cursor_list(call, std::move(labels), [](const Label& label) { return label_view(label); });
}

HttpResponse get_labels(ProductCall& call) {
  return labels_answer(call, [](const Page&) { return true; });
}

HttpResponse get_page_labels(ProductCall& call) {
  const Page* page = visible_page(call, call.parameters.at("id"));
  if (page == nullptr) return no_such_content();
  return labels_answer(call, [&](const Page& other) { return &other == page; });
}

HttpResponse get_labels_in_space(ProductCall& call) {
  const Space* space = call.site.find_space(call.parameters.at("id"));
  if (space == nullptr) return no_such_content();
  return labels_answer(call, [&](const Page& page) { return page.space == space->id; });
}

HttpResponse get_label_pages(ProductCall& call) {
  if (!knows_format(call)) return unknown_format();
  const Label* label = call.site.find_label(call.parameters.at("id"));
  if (label == nullptr) return no_such_content();
  const auto spaces = call.http.list("space-id");
  std::vector<const Page*> pages;
  for (const Page& page : call.site.pages) {
    if (among(spaces, page.space) && is_among(page.labels, label->id) &&
        may_see(page.visible_to, call.account()))
      pages.push_back(&page);
  }
  return pages_answer(call, std::move(pages));
}

HttpResponse no_such_page(const ProductCall& call) {
  return refusal(call.api, 404, "There is no page with this id: the emulator keeps labels of pages only");
}

/// All labels of a page as v1 shows them.
HttpResponse old_answer(const ProductCall& call, const Page& page) {
  json::array results;
  for (const std::string& id : page.labels) {
    const Label& label = *call.site.find_label(id);
    json::object shown = label_view(label);
    shown["label"] = label.name;
    results.push_back(std::move(shown));
  }
  const std::size_t size = results.size();
  return json_answer(200, {{"results", std::move(results)},
                           {"start", 0},
                           {"limit", 200},
                           {"size", size},
                           {"_links", {{"base", call.site.url + "/wiki"}}}});
}

HttpResponse add_labels(ProductCall& call) {
  Page* page = visible_page(call, call.parameters.at("id"));
  if (page == nullptr) return no_such_page(call);
  const auto read = parse_json(call.http.body);
  if (const auto* problem = std::get_if<Problem>(&read)) return refusal(call.api, 400, problem->describe());
  const auto& body = std::get<json::value>(read);
  const json::array wanted = body.is_array() ? body.get_array() : json::array{body};
  for (const json::value& label : wanted) {
    const json::object* given = label.if_object();
    if (given == nullptr || !is_label_name(text_in(*given, "name")) ||
        !is_label_name(text_in(*given, "prefix")))
      return refusal(call.api, 400, "The name of a label has no blanks and none of :;,.?&[]()#^*@!");
  }
  for (const json::value& label : wanted) {
    const auto& given = label.as_object();
    const std::string& id = call.site.ensure_label(text_in(given, "prefix"), text_in(given, "name")).id;
    if (!is_among(page->labels, id)) page->labels.push_back(id);
  }
  return old_answer(call, *page);
}

HttpResponse remove_label(ProductCall& call, std::string_view name) {
  Page* page = visible_page(call, call.parameters.at("id"));
  if (page == nullptr) return no_such_page(call);
  const auto removed = std::erase_if(
      page->labels, [&](const std::string& id) { return call.site.find_label(id)->name == name; });
  if (removed == 0) return refusal(call.api, 404, "The page has no label of this name");
  return {204, {}, {}};
}

HttpResponse remove_label_of_path(ProductCall& call) {
  return remove_label(call, call.parameters.at("label"));
}

HttpResponse remove_label_of_query(ProductCall& call) {
  return remove_label(call, call.http.parameter("name").value_or(""));
}

constexpr std::array kOperations{
    StatefulOperation{"get-labels", get_labels},
    StatefulOperation{"get-page-labels", get_page_labels},
    StatefulOperation{"get-space-content-labels", get_labels_in_space},
    StatefulOperation{"get-label-pages", get_label_pages},
};

constexpr std::array kOldOperations{
    StatefulOperation{"add-labels-to-content", add_labels},
    StatefulOperation{"remove-label-from-content", remove_label_of_path},
    StatefulOperation{"remove-label-from-content-using-query-parameter", remove_label_of_query},
};

}  // namespace

std::span<const StatefulOperation> confluence_label_operations() { return kOperations; }
std::span<const StatefulOperation> confluence_v1_label_operations() { return kOldOperations; }

}  // namespace tongs::emulator
