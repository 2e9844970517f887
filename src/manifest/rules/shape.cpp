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

std::size_t length_of(std::string_view text) noexcept {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string instead_of(yaml::Node node) { return ", this is " + std::string(name_of(node.kind())); }

}  // namespace tongs::manifest::rules
