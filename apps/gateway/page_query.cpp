#include "gateway/page_query.hpp"

#include <charconv>

#include "http/url.hpp"

namespace tongs::gateway {

Result<PageQuery> PageQuery::parse(std::string_view query) {
  constexpr std::size_t largest = 100;
  const auto pairs = detail::parse_query(query);
  if (!pairs) return Error(Errc::invalid_argument, "the query cannot be decoded");
  PageQuery page;
  for (const auto& [name, value] : *pairs) {
    if (name == "pageSize") {
      const auto [end, failed] = std::from_chars(value.data(), value.data() + value.size(), page.size);
      if (failed != std::errc() || end != value.data() + value.size() || page.size < 1 ||
          page.size > largest) {
        return Error(Errc::invalid_argument, "pageSize is a number from 1 to 100");
      }
    } else if (name == "cursor" && !value.empty()) {
      auto id = InstallationId::parse(value);
      if (!id) return Error(Errc::invalid_argument, "the cursor is not one that an earlier page gave");
      page.after = *std::move(id);
    }
  }
  return page;
}

}  // namespace tongs::gateway
