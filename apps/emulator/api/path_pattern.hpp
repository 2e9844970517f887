#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tongs::emulator {

/// What stands in a path where its pattern has names: decoded, in order.
class PathParameters {
 public:
  void add(std::string_view name, std::string value) { values_.emplace_back(name, std::move(value)); }
  /// Precondition: the pattern has that name.
  const std::string& at(std::string_view name) const noexcept;

 private:
  std::vector<std::pair<std::string_view, std::string>> values_;
};

/// Matches a percent-encoded path against a pattern such as `/rest/api/3/issue/{issueIdOrKey}`. A name that
/// ends with `*` stands for all the segments that are left, any other for one that is not empty. The names
/// are views into `pattern`.
std::optional<PathParameters> match_path(std::string_view pattern, std::string_view path);

}  // namespace tongs::emulator
