#include <algorithm>

#include <tongs/http.hpp>

#include "http/ascii.hpp"

namespace tongs {

bool same_header_name(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), detail::same_letter);
}

std::string_view HttpResponse::header(std::string_view name) const noexcept {
  for (const Header& header : headers) {
    if (same_header_name(header.name, name)) return header.value;
  }
  return {};
}

}  // namespace tongs
