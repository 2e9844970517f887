#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/base/members.hpp"
#include "emulator/base/time.hpp"

namespace tongs::emulator {

/// What a person may do (contract 4.1.4, 4.4).
enum class UserKind : std::uint8_t {
  active,
  inactive,    ///< left; nothing works in his name
  service,     ///< a service account: tokens are issued, products refuse them (contract 4.4.2)
  customer,    ///< portal only: Jira, not Confluence
  unlicensed,  ///< no licence for any product
  app,         ///< the bot user of an app
};

struct User {
  std::string account_id;
  std::string name;
  std::string email;
  UserKind kind = UserKind::active;
};

/// Who may see something: everybody, or only these accounts.
using Visibility = std::optional<std::vector<std::string>>;

struct Comment {
  std::string id;
  std::string author;
  json::value body;  ///< Atlassian Document Format
  PlatformTime created;
};

/// Time that somebody spent on an issue.
struct Worklog {
  std::string id;
  std::string author;
  json::value comment;  ///< Atlassian Document Format, or null
  std::chrono::seconds spent{};
  PlatformTime started;
  PlatformTime created;
  PlatformTime updated;
};

struct Issue {
  std::string id;
  std::string key;
  std::string project;  ///< its key
  std::string type = "Task";
  std::string summary;
  json::value description;  ///< Atlassian Document Format, or null
  std::string status = "To Do";
  std::string assignee;  ///< account id; empty: nobody
  std::string reporter;
  std::vector<std::string> labels;
  std::vector<Comment> comments;
  std::vector<Worklog> worklogs;
  std::vector<std::string> watchers;  ///< account ids
  std::vector<std::string> voters;    ///< account ids
  PlatformTime created;
  PlatformTime updated;
  Visibility visible_to;
};

struct Project {
  std::string id;
  std::string key;
  std::string name;
  std::string lead;
  Visibility visible_to;
};

struct Space {
  std::string id;
  std::string key;
  std::string name;
};

/// A word on pages. It has one id wherever it stands.
struct Label {
  std::string id;
  std::string prefix = "global";
  std::string name;
};

/// A comment below a page, or below another one.
struct FooterComment {
  std::string id;
  std::string parent;  ///< id of the comment that it answers; empty: none
  std::string author;
  std::string body;  ///< storage format
  PlatformTime created;
  PlatformTime updated;
  std::int64_t version = 1;
};

struct Page {
  std::string id;
  std::string space;  ///< its id
  std::string title;
  std::string body;  ///< storage format
  std::string author;
  PlatformTime created;
  PlatformTime updated;
  std::int64_t version = 1;
  std::vector<std::string> labels;  ///< ids of labels
  std::vector<FooterComment> comments;
  Visibility visible_to;
};

/// One tenant with its Jira and its Confluence. Thread safety: none.
struct Site {
  std::string name;
  std::string cloud_id;
  std::string url;
  std::string region;  ///< where its data rests, such as `EU`; empty: nowhere in particular
  std::vector<User> users;
  std::vector<Project> projects;
  std::vector<Issue> issues;
  std::vector<Space> spaces;
  std::vector<Page> pages;
  std::vector<Label> labels;
  std::int64_t last_id = 10000;

  std::string next_id() { return std::to_string(++last_id); }
  const User* find_user(std::string_view account_id) const noexcept;
  const Project* find_project(std::string_view id_or_key) const noexcept;
  Issue* find_issue(std::string_view id_or_key) noexcept;
  const Page* find_page(std::string_view id) const noexcept;
  const Space* find_space(std::string_view id) const noexcept;
  const Label* find_label(std::string_view id) const noexcept;
  /// The label of that name, made if there is none.
  const Label& ensure_label(std::string_view prefix, std::string_view word);
  /// The user of that account, made if nobody knows it: whoever opens an app's page exists.
  const User& ensure_user(std::string_view account_id, UserKind kind = UserKind::active);
};

/// A host name's label in lower case, so that a site of that name has a URL.
bool is_site_name(std::string_view text) noexcept;

bool is_among(const std::vector<std::string>& texts, std::string_view text) noexcept;
bool may_see(const Visibility& visibility, std::string_view account_id) noexcept;
/// An issue is seen by who sees it and its project.
bool may_see(const Site& site, const Issue& issue, std::string_view account_id) noexcept;

/// The number behind the last `-` of an issue's key; 0 if there is none that makes sense.
std::int64_t issue_number(std::string_view key) noexcept;

std::string_view to_string(UserKind kind) noexcept;
std::optional<UserKind> parse_user_kind(std::string_view text) noexcept;

/// May this be the name of a label, or its prefix?
bool is_label_name(std::string_view text) noexcept;

/// A paragraph of plain text in Atlassian Document Format, or null for an empty text.
json::value document_of(std::string_view text);
/// All text inside a document in Atlassian Document Format.
std::string text_of(const json::value& document);

}  // namespace tongs::emulator
