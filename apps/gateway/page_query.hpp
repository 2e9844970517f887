#pragma once
#include <cstddef>
#include <optional>
#include <string_view>

#include <tongs/ids.hpp>
#include <tongs/result.hpp>

namespace tongs::gateway {

/// Which page of the installations a query asks for: `pageSize=&cursor=`.
struct PageQuery {
  std::size_t size = 100;
  std::optional<InstallationId> after = {};

  /// Errors: invalid_argument (a page size that is no number from 1 to 100, a cursor that is none).
  static Result<PageQuery> parse(std::string_view query);
};

}  // namespace tongs::gateway
