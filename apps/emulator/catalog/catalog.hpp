#pragma once
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "emulator/catalog/served_api.hpp"

namespace tongs::emulator {

/// The operation that a request means.
struct FoundOperation {
  ServedApi* api = nullptr;
  Operation operation;
};

/// The path is known, but not with that method.
struct OtherMethods {
  ServedApi* api = nullptr;
  std::string allowed;  ///< as the header `allow` has them
};

using Lookup = std::variant<std::monostate, FoundOperation, OtherMethods>;

/// Every operation of all product APIs. Built of literals, and of no more than these until somebody calls an
/// operation. Thread safety: none.
class Catalog {
 public:
  Catalog();
  Catalog(const Catalog&) = delete;
  Catalog& operator=(const Catalog&) = delete;

  /// The operation for a method and a percent-encoded path such as `/rest/api/3/myself`. Of several that fit,
  /// the one whose path is literal where the others' have a parameter.
  Lookup find(Product product, std::string_view method, std::string_view path);

  ServedApi& api(ApiName name) noexcept { return apis_[static_cast<std::size_t>(name)]; }
  std::array<ServedApi, 6>& apis() noexcept { return apis_; }

 private:
  struct Row {
    ServedApi* api;
    std::size_t index;
    std::string_view method, path;
  };
  const std::vector<Row>& rows(Product product);

  std::array<ServedApi, 6> apis_;
  std::array<std::vector<Row>, 2> rows_;  ///< of Jira, of Confluence; read when they are needed
};

}  // namespace tongs::emulator
