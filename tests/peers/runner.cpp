#include "peers/runner.hpp"

namespace tongs::peers {

std::string text_of(JsonView value) { return value.string() ? std::string(*value.string()) : value.text(); }

std::vector<FilePart> files_of(JsonView files) {
  std::vector<FilePart> all;
  for (const JsonView file : files)
    all.push_back({.name = text_of(file["name"]), .content = text_of(file["content"])});
  return all;
}

void take(JsonView value, std::optional<std::string>& member) {
  if (value) member = text_of(value);
}
void take(JsonView value, std::optional<std::int64_t>& member) { member = value.integer(); }
void take(JsonView value, std::optional<double>& member) { member = value.number(); }
void take(JsonView value, std::optional<bool>& member) { member = value.boolean(); }
void take(JsonView value, std::vector<std::string>& member) {
  for (const JsonView item : value) member.push_back(text_of(item));
}
void take(JsonView value, std::vector<std::int64_t>& member) {
  for (const JsonView item : value) member.push_back(item.integer().value_or(0));
}
void take(JsonView value, std::vector<std::pair<std::string, std::string>>& member) {
  for (auto item = value.begin(); item != value.end(); ++item)
    member.emplace_back(item.key(), text_of(*item));
}

}  // namespace tongs::peers
