#include "emulator/products/synthetic.hpp"

#include <algorithm>
#include <cstdint>
#include <variant>

#include "common/number.hpp"
#include "emulator/schema/synthesize.hpp"

namespace tongs::emulator {

namespace {

/// The object that has the last name of a path joined by dots as a member, and that name.
struct Place {
  json::object* parent = nullptr;
  std::string_view name;
};

Place place_of(json::value& body, std::string_view path) {
  json::object* parent = body.if_object();
  while (parent != nullptr) {
    const std::size_t dot = path.find('.');
    if (dot == std::string_view::npos) return {parent, path};
    json::value* inner = parent->if_contains(path.substr(0, dot));
    parent = inner == nullptr ? nullptr : inner->if_object();
    path.remove_prefix(dot + 1);
  }
  return {};
}

/// Where an offset stands that the caller asks for; the beginning if there is none.
std::int64_t offset_of(const Paging& paging, const ApiCall& call) {
  const std::string_view name = paging.parameter.empty() ? std::string_view("startAt") : paging.parameter;
  if (!paging.in_body) return parse_whole(call.parameter(name).value_or("0")).value_or(0);
  const auto parsed = parse_json_object(call.body);
  const auto* body = std::get_if<json::object>(&parsed);
  const json::value* given = body == nullptr ? nullptr : body->if_contains(name);
  return given != nullptr && given->is_int64() ? given->get_int64() : 0;
}

/// The list of a page. Of an answer about which the catalog tells nothing it is made, with one item.
json::array* items_of(json::value& body, const Paging& paging) {
  const json::array one_item{json::object()};
  if (paging.items.empty()) {
    if (body == json::object()) body = one_item;
    return body.if_array();
  }
  const Place list = place_of(body, paging.items);
  if (list.parent == nullptr) return nullptr;
  if (list.parent->empty()) list.parent->emplace(list.name, one_item);
  json::value* items = list.parent->if_contains(list.name);
  return items == nullptr ? nullptr : items->if_array();
}

void say_it_is_the_last(json::object& page, std::size_t items, std::int64_t offset) {
  for (const auto* name : {"isLast", "isLastPage", "last", "lastPage"}) {
    if (json::value* flag = page.if_contains(name)) *flag = true;
  }
  for (const auto* name : {"nextPage", "nextPageToken", "nextPageCursor"}) page.erase(name);
  if (json::value* total = page.if_contains("total")) *total = 1;
  if (json::value* size = page.if_contains("size")) *size = items;
  for (const auto* name : {"startAt", "start", "offset"}) {
    if (json::value* start = page.if_contains(name)) *start = offset;
  }
}

void make_only_page(json::value& body, const Paging& paging, const ApiCall& call) {
  const std::int64_t offset = paging.kind == PageKind::offset ? offset_of(paging, call) : 0;
  const Place next = place_of(body, paging.next.empty() ? std::string_view("_links.next") : paging.next);
  if (next.parent != nullptr) next.parent->erase(next.name);
  json::array* items = items_of(body, paging);
  if (items == nullptr) return;
  if (offset > 0) items->clear();
  const std::size_t count = items->size();
  const Place list = place_of(body, paging.items);
  if (!paging.items.empty() && list.parent != nullptr) say_it_is_the_last(*list.parent, count, offset);
  if (body.is_object()) say_it_is_the_last(body.get_object(), count, offset);
}

HttpResponse file_answer() {
  return {200, {{"content-type", "application/octet-stream"}}, "synthesized by the emulator"};
}

}  // namespace

HttpResponse synthetic_answer(ServedApi& api, const Operation& operation, const ApiCall& call,
                              const std::string& base_url) {
  const Contract contract = api.contracts.contract(operation.name);
  HttpResponse response;
  if (operation.downloads) {
    response = file_answer();
  } else if (contract.answer == nullptr) {
    response.status = contract.status;
  } else {
    json::value body = synthesize(*contract.answer, Direction::answer, api.contracts.schemas());
    if (operation.paging) make_only_page(body, *operation.paging, call);
    response = json_answer(contract.status, body);
  }
  if (response.status >= 300) {
    const std::string version = api.name == ApiName::jira_v2 ? "2" : "3";
    response.headers.push_back({"location", base_url + "/rest/api/" + version + "/task/1"});
  }
  response.headers.push_back({std::string(kSynthesized), "true"});
  return response;
}

}  // namespace tongs::emulator
