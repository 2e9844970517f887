#pragma once
#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "emulator/products/product_call.hpp"

namespace tongs::emulator {

/// `body-format`: the emulator keeps bodies in the storage format.
bool knows_format(const ProductCall& call);
HttpResponse unknown_format();
HttpResponse no_such_content();

/// The page of that id, if the caller may see it; else null.
Page* visible_page(const ProductCall& call, std::string_view id);

/// The body of a request that writes a page or a comment, in the storage format, alone or below `storage`.
/// Empty text: it has none. Nothing: it is in another format.
std::optional<std::string> storage_in(const json::object& request);
HttpResponse other_representation();
/// The number of the version that a request makes is the one behind `version`.
bool is_next_version(const json::object& request, std::int64_t version) noexcept;
HttpResponse other_version(std::int64_t version);

/// Does a list of wanted values have this one? An empty list wants everything.
bool among(const std::vector<std::string>& wanted, std::string_view value) noexcept;

/// A page, with its body if `with_body`.
json::object page_view(const ProductCall& call, const Page& page, bool with_body);
json::object space_view(const Space& space);
/// As one that stands alone shows where links begin.
HttpResponse single(const ProductCall& call, int status, json::object shown);

/// The page of a list that `cursor` and `limit` ask for. `ids` are those of all items, in their order.
struct CursorPage {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string next = {};  ///< link to the next page; empty: this is the last
};
/// Nothing if one of the parameters is not valid.
std::optional<CursorPage> cursor_page(const ApiCall& call, const std::vector<std::string_view>& ids);
HttpResponse cursor_answer(const ProductCall& call, const CursorPage& page, json::array results);
HttpResponse bad_cursor();

/// Ids are numbers written as texts.
bool is_smaller_id(std::string_view a, std::string_view b) noexcept;

/// `status`: everything that the emulator keeps is current.
bool lists_current(const ApiCall& call);

/// What a value of `sort` without its `-` compares; empty: nothing but the ids.
std::string sort_key(const Page& page, std::string_view by);
std::string sort_key(const FooterComment& comment, std::string_view by);
std::string sort_key(const Space& space, std::string_view by);
std::string sort_key(const Label& label, std::string_view by);

/// The page of a list of things with ids, in the order of `sort`, else of these; `show` makes one of them
/// JSON.
template <class Item, class Show>
HttpResponse cursor_list(const ProductCall& call, std::vector<const Item*> items, const Show& show) {
  std::string_view by = call.http.parameter("sort").value_or("");
  const bool down = by.starts_with('-');
  if (down) by.remove_prefix(1);
  std::sort(items.begin(), items.end(), [&](const Item* a, const Item* b) {
    if (down) std::swap(a, b);
    const std::string x = sort_key(*a, by), y = sort_key(*b, by);
    return x != y ? x < y : is_smaller_id(a->id, b->id);
  });
  std::vector<std::string_view> order;
  for (const Item* item : items) order.emplace_back(item->id);
  const auto page = cursor_page(call.http, order);
  if (!page) return bad_cursor();
  json::array results;
  for (std::size_t i = page->begin; i < page->end; ++i) results.push_back(show(*items[i]));
  return cursor_answer(call, *page, std::move(results));
}
HttpResponse pages_answer(const ProductCall& call, std::vector<const Page*> pages);

}  // namespace tongs::emulator
