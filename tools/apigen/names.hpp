#pragma once
#include <set>
#include <string>
#include <string_view>

namespace apigen {

/// `issueIdOrKey`, `body-format`, `avatarURLs` as `issue_id_or_key`, `body_format`, `avatar_urls`: a valid
/// identifier of C++ that is no keyword.
std::string snake(std::string_view name);
/// `getIssue`, `multi entity` as `GetIssue`, `MultiEntity`.
std::string pascal(std::string_view name);
/// Of an enumeration's value, which may be anything.
std::string value_name(std::string_view value);

/// Gives each name once: a second one, equal but for case, has a number behind it.
class UniqueNames {
 public:
  explicit UniqueNames(std::set<std::string> taken = {});
  std::string take(std::string name);
  bool has(const std::string& name) const;

 private:
  std::set<std::string> taken_;  ///< in lower case
};

}  // namespace apigen
