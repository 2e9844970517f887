#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "emulator/products/operation.hpp"

namespace tongs::emulator {

/// A user as Jira shows one, or null for an empty or unknown account.
json::value jira_user(const ProductCall& call, std::string_view account_id);

/// An issue with the fields that were asked for: names, `*all`, `*navigable`, `-name`.
json::object jira_issue(const ProductCall& call, const Issue& issue, const std::vector<std::string>& fields);

json::object jira_comment(const ProductCall& call, const Issue& issue, const Comment& comment);

}  // namespace tongs::emulator
