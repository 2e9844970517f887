#pragma once
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "emulator/products/product_call.hpp"

namespace tongs::emulator {

/// Where `path` is in the version of the API that was called.
std::string jira_url(const ProductCall& call, const std::string& path);

/// A document as this version of the API shows it: Atlassian Document Format in v3, plain text in v2.
json::value jira_document(const ProductCall& call, const json::value& document);

/// Ids of transitions, and the statuses they lead to. Every issue goes from any of these to any other.
inline constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kJiraTransitions{
    {{"11", "To Do"}, {"21", "In Progress"}, {"31", "Done"}}};

json::object jira_status(std::string_view status);

json::object jira_project(const ProductCall& call, const Project& project);

/// The issue of the path, if the caller may see it; else null.
Issue* visible_issue(const ProductCall& call);
HttpResponse no_such_issue();

/// A user as Jira shows one, or null for an empty or unknown account.
json::value jira_user(const ProductCall& call, std::string_view account_id);

/// An issue with the fields that were asked for: names, `*all`, `*navigable`, `-name`.
json::object jira_issue(const ProductCall& call, const Issue& issue, const std::vector<std::string>& fields);

json::object jira_comment(const ProductCall& call, const Issue& issue, const Comment& comment);
json::object jira_worklog(const ProductCall& call, const Issue& issue, const Worklog& worklog);

/// How many watch an issue, or voted for it, and whether the caller does; not who.
json::object jira_watches(const ProductCall& call, const Issue& issue);
json::object jira_votes(const ProductCall& call, const Issue& issue);

}  // namespace tongs::emulator
