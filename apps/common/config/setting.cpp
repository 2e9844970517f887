#include "common/config/setting.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <utility>

namespace tongs::config {

std::string Setting::name() const { return std::string(section).append(".").append(key); }

std::string Setting::variable() const {
  std::string variable = "TONGS_";
  for (const char c : name()) {
    if (c == '.' || c == '-') {
      variable += '_';
    } else {
      variable += c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
    }
  }
  return variable;
}

Schema::Schema(std::vector<Setting> settings) : settings_(std::move(settings)) {
  std::set<std::string> variables;
  for (const Setting& setting : settings_) {
    // Two equal names have equal variables.
    if (!variables.insert(setting.variable()).second) {
      throw std::logic_error("two settings share the variable " + setting.variable());
    }
    if (!has_section(setting.section)) sections_.push_back(setting.section);
  }
}

std::optional<std::size_t> Schema::find(std::string_view section, std::string_view key) const noexcept {
  const auto found = std::find_if(settings_.begin(), settings_.end(), [&](const Setting& setting) {
    return setting.section == section && setting.key == key;
  });
  if (found == settings_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - settings_.begin());
}

bool Schema::has_section(std::string_view section) const noexcept {
  return std::find(sections_.begin(), sections_.end(), section) != sections_.end();
}

bool Schema::has_section_below(std::string_view path) const noexcept {
  return std::any_of(sections_.begin(), sections_.end(), [&](std::string_view section) {
    return section.size() > path.size() && section.starts_with(path) && section[path.size()] == '.';
  });
}

std::vector<std::string_view> Schema::keys_of(std::string_view section) const {
  std::vector<std::string_view> keys;
  for (const Setting& setting : settings_) {
    if (setting.section == section) keys.push_back(setting.key);
  }
  return keys;
}

}  // namespace tongs::config
