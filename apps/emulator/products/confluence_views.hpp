#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/products/product_call.hpp"

namespace tongs::emulator {

/// `body-format`: the emulator keeps bodies in the storage format.
bool knows_format(const ProductCall& call);
HttpResponse unknown_format();
HttpResponse no_such_content();

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

}  // namespace tongs::emulator
