#include "manifest/rules/shape.hpp"

#include <algorithm>
#include <string>

#include "manifest/words.hpp"

namespace tongs::manifest::rules {

namespace {

std::string_view name_of(yaml::Kind kind) noexcept {
  switch (kind) {
    case yaml::Kind::missing:
    case yaml::Kind::null:
      return "nothing";
    case yaml::Kind::boolean:
      return "true or false";
    case yaml::Kind::integer:
    case yaml::Kind::real:
      return "a number";
    case yaml::Kind::string:
      return "text";
    case yaml::Kind::sequence:
      return "a list";
    case yaml::Kind::mapping:
      return "a map";
  }
  return "nothing";
}

}  // namespace

bool contains(Names names, std::string_view name) noexcept {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void report_unknown_properties(yaml::Node map, Names known, std::string_view what, Report& report) {
  for (const auto [key, value] : map.entries()) {
    if (contains(known, key.text())) continue;
    if (is_collection(key)) {
      report.add(key, std::string(kKeyIsCollection));
      continue;
    }
    report.add(key, "unknown property " + quoted(key.text()) + " of " + std::string(what) +
                        report.hint(key.text(), known, ": use " + either(known)));
  }
}

bool is_key(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

bool names_a_key(yaml::Node node, bool dots) noexcept {
  const std::string_view text = node.text();
  return node.is_string() && !text.empty() && text.size() <= kLongestReference &&
         std::all_of(text.begin(), text.end(),
                     [&](const char& c) { return is_key({&c, 1}) || (dots && c == '.'); });
}

bool is_something(yaml::Node node) noexcept {
  const std::string_view text = node.text();
  switch (node.kind()) {
    case yaml::Kind::missing:
    case yaml::Kind::null:
      return false;
    case yaml::Kind::boolean:
      return node.boolean() == true;
    case yaml::Kind::string:
      return !text.empty();
    case yaml::Kind::integer:
    case yaml::Kind::real:
      return text.find_first_of("123456789") != std::string_view::npos;
    default:
      return true;
  }
}

std::size_t length_of(std::string_view text) noexcept {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string instead_of(yaml::Node node) { return ", this is " + std::string(name_of(node.kind())); }

namespace {

/// Is it so? If not, and there is something, that is reported.
bool expect(bool holds, yaml::Node node, std::string_view what, Report& report) {
  if (node && !holds) report.add(node, std::string(what) + instead_of(node));
  return holds;
}

}  // namespace

bool is_map(yaml::Node node, std::string_view what, Report& report) {
  return expect(node.is_mapping(), node, what, report);
}
bool is_list(yaml::Node node, std::string_view what, Report& report) {
  return expect(node.is_sequence(), node, what, report);
}
bool is_text(yaml::Node node, std::string_view what, Report& report) {
  return expect(node.is_string(), node, what, report);
}
bool is_truth_value(yaml::Node node, std::string_view name, Report& report) {
  return expect(node.boolean().has_value(), node, quoted(name) + " is true or false", report);
}

}  // namespace tongs::manifest::rules
