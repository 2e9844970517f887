#pragma once
#include <cstdint>
#include <span>
#include <string_view>

#include <tongs/adapter.hpp>

namespace tongs::cli {

struct ApiParameter {
  enum class In : std::uint8_t { path, query };
  std::string_view option;  ///< on the command line, without the dashes
  std::string_view name;    ///< in the request
  In in = In::query;
  bool required = false;
  std::string_view help;
};

/// An operation of a product API, as `tongs api` offers it.
struct ApiOperation {
  Product product;
  std::string_view name;  ///< the verb on the command line
  std::string_view summary;
  std::string_view method;
  std::string_view path;  ///< a literal with parameters in braces
  std::span<const ApiParameter> parameters;
  bool takes_body = false;
  /// May be repeated after a failure although its method is not idempotent.
  bool idempotent = false;
};

/// Every operation, by product. The table is data: a generated one can take its place.
std::span<const ApiOperation> api_catalogue() noexcept;

}  // namespace tongs::cli
