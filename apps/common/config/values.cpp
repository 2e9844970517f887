#include "common/config/values.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "http/ascii.hpp"

namespace tongs::config {

namespace {

/// A comment ends with its line, whatever the name of a file holds.
std::string comment(const Origin& origin) {
  std::string text = "  # " + origin.text();
  std::ranges::replace_if(text, detail::is_control, '?');
  return text;
}

}  // namespace

Values::Values(Schema schema) : schema_(std::move(schema)), entries_(schema_.settings().size()) {}

void Values::set(std::size_t index, Value value, Origin origin) {
  entries_[index] = {std::move(value), std::move(origin)};
}

bool Values::is_set(std::size_t index) const noexcept {
  return !std::holds_alternative<Unset>(entries_[index].value);
}

void Values::clear(std::string_view section, std::string_view key) {
  set(index_of(section, key), Unset{}, {});
}

std::size_t Values::index_of(std::string_view section, std::string_view key) const {
  const auto index = schema_.find(section, key);
  if (!index) missing(section, key);
  return *index;
}

void Values::missing(std::string_view section, std::string_view key) {
  throw std::logic_error("no value of that type: " + std::string(section).append(".").append(key));
}

Finding Values::finding(std::string_view section, std::string_view key, std::string_view message) const {
  return {origin(section, key), std::string(section).append(".").append(key).append(": ").append(message)};
}

std::string Values::effective_line(std::size_t index) const {
  const Setting& setting = schema_.settings()[index];
  const auto& [value, origin] = entries_[index];
  const std::string key(setting.key);
  if (!is_set(index)) return "# " + key + " is not set\n";
  const bool hidden = std::holds_alternative<Secret>(value);
  return (hidden ? "# " : "") + key + " = " + toml_text(setting, value) + comment(origin) + "\n";
}

std::vector<std::string> Values::waiting_for_restart(const Values& fresh) const {
  std::vector<std::string> names;
  const auto settings = schema_.settings();
  for (std::size_t i = 0; i < settings.size(); ++i) {
    if (settings[i].live) continue;
    if (value_line(i) != fresh.value_line(i)) names.push_back(settings[i].name());
  }
  return names;
}

std::string Values::value_line(std::size_t index) const {
  return is_set(index) ? toml_text(schema_.settings()[index], entries_[index].value) : std::string();
}

std::string Values::effective_text() const {
  std::string text;
  const auto settings = schema_.settings();
  for (const std::string_view section : schema_.sections()) {
    text.append(text.empty() ? "[" : "\n[").append(section).append("]\n");
    for (std::size_t i = 0; i < settings.size(); ++i) {
      if (settings[i].section != section) continue;
      text.append("# ").append(settings[i].about).append("\n").append(effective_line(i));
    }
  }
  return text;
}

}  // namespace tongs::config
