#include "emulator/products/site.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "common/number.hpp"
#include "http/ascii.hpp"

namespace tongs::emulator {

namespace {

constexpr std::array<std::pair<UserKind, std::string_view>, 6> kKinds{{
    {UserKind::active, "active"},
    {UserKind::inactive, "inactive"},
    {UserKind::service, "service"},
    {UserKind::customer, "customer"},
    {UserKind::unlicensed, "unlicensed"},
    {UserKind::app, "app"},
}};

template <class Items, class Predicate>
auto find_in(Items& items, Predicate predicate) noexcept -> decltype(items.data()) {
  const auto found = std::find_if(items.begin(), items.end(), predicate);
  return found == items.end() ? nullptr : &*found;
}

/// Jira takes keys in any case.
bool same_key(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return detail::to_lower(x) == detail::to_lower(y); });
}

void append_text(const json::value& node, std::string& out) {
  if (const auto* items = node.if_array()) {
    for (const auto& item : *items) append_text(item, out);
  }
  const auto* object = node.if_object();
  if (object == nullptr) return;
  if (const auto* text = object->if_contains("text"); text != nullptr && text->is_string()) {
    if (!out.empty()) out += ' ';
    out += text->get_string();
  }
  if (const auto* content = object->if_contains("content")) append_text(*content, out);
}

}  // namespace

const User* Site::find_user(std::string_view account_id) const noexcept {
  return find_in(users, [&](const User& user) { return user.account_id == account_id; });
}

const Project* Site::find_project(std::string_view id_or_key) const noexcept {
  return find_in(projects, [&](const Project& project) {
    return project.id == id_or_key || same_key(project.key, id_or_key);
  });
}

Issue* Site::find_issue(std::string_view id_or_key) noexcept {
  return find_in(issues,
                 [&](const Issue& issue) { return issue.id == id_or_key || same_key(issue.key, id_or_key); });
}

const Page* Site::find_page(std::string_view id) const noexcept {
  return find_in(pages, [&](const Page& page) { return page.id == id; });
}

const Space* Site::find_space(std::string_view id) const noexcept {
  return find_in(spaces, [&](const Space& space) { return space.id == id; });
}

const Label* Site::find_label(std::string_view id) const noexcept {
  return find_in(labels, [&](const Label& label) { return label.id == id; });
}

const Label& Site::ensure_label(std::string_view prefix, std::string_view word) {
  const Label* known =
      find_in(labels, [&](const Label& label) { return label.prefix == prefix && label.name == word; });
  if (known != nullptr) return *known;
  return labels.emplace_back(Label{next_id(), std::string(prefix), std::string(word)});
}

const User& Site::ensure_user(std::string_view account_id, UserKind kind) {
  if (const User* known = find_user(account_id)) return *known;
  const std::string shown = kind == UserKind::app ? "App user" : "User " + std::to_string(users.size() + 1);
  return users.emplace_back(User{std::string(account_id), shown, "", kind});
}

bool is_site_name(std::string_view text) noexcept {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || detail::is_digit(c) || c == '-'; };
  return !text.empty() && text.size() <= 63 && text.front() != '-' && text.back() != '-' &&
         std::all_of(text.begin(), text.end(), fits);
}

bool is_label_name(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 255 && text.find_first_of(" \t\r\n:;,.?&[]()#^*@!") == text.npos;
}

bool is_among(const std::vector<std::string>& texts, std::string_view text) noexcept {
  return std::find(texts.begin(), texts.end(), text) != texts.end();
}

bool may_see(const Visibility& visibility, std::string_view account_id) noexcept {
  return !visibility || is_among(*visibility, account_id);
}

bool may_see(const Site& site, const Issue& issue, std::string_view account_id) noexcept {
  const Project* project = site.find_project(issue.project);
  return may_see(issue.visible_to, account_id) &&
         (project == nullptr || may_see(project->visible_to, account_id));
}

std::int64_t issue_number(std::string_view key) noexcept {
  return parse_whole(key.substr(key.rfind('-') + 1)).value_or(0);
}

std::string_view to_string(UserKind kind) noexcept { return kKinds[static_cast<std::size_t>(kind)].second; }

std::optional<UserKind> parse_user_kind(std::string_view text) noexcept {
  for (const auto& [kind, name] : kKinds) {
    if (name == text) return kind;
  }
  return std::nullopt;
}

json::value document_of(std::string_view text) {
  if (text.empty()) return nullptr;
  const json::object run{{"type", "text"}, {"text", text}};
  const json::object paragraph{{"type", "paragraph"}, {"content", json::array{run}}};
  return json::object{{"type", "doc"}, {"version", 1}, {"content", json::array{paragraph}}};
}

std::string text_of(const json::value& document) {
  std::string text;
  append_text(document, text);
  return text;
}

}  // namespace tongs::emulator
