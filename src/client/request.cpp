#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <vector>

#include <tongs/json.hpp>
#include <tongs/request.hpp>

#include "json/writer.hpp"

namespace tongs {

namespace {

constexpr std::size_t kLargestFile = std::size_t{1024} * 1024 * 1024;

Error too_large_to_upload() {
  return {Errc::invalid_argument, "the file to be uploaded is larger than 1 GiB"};
}

}  // namespace

Json::Json(double value) : Json() {
  if (!std::isfinite(value)) return;
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  text_.assign(digits.data(), end);
}

Json::Json(std::string_view text) : text_(json_quote(text)) {}

Json Json::raw(std::string text) { return {AsItIs{}, std::move(text)}; }

Result<Json> Json::parse(std::string text) {
  const auto document = JsonDocument::parse(text);
  if (!document) return Error(Errc::invalid_argument, "the body is not JSON").with_cause(document.error());
  return raw(std::move(text));
}

Json Json::array(const std::vector<Json>& items) {
  JsonWriter out;
  out.open_array();
  for (const Json& item : items) out.raw(item.text());
  return raw(std::move(out.close_array()).text());
}

Json Json::object(const std::vector<std::pair<std::string, Json>>& members) {
  Input object;
  for (const auto& [name, value] : members) object.set(name, value);
  return object.json();
}

Input& Input::set(std::string_view name, const Json& value) {
  put_text(name, value.text());
  return *this;
}

void Input::put_text(std::string_view name, std::string json) {
  const auto same = std::find_if(members_.begin(), members_.end(),
                                 [&](const auto& member) { return member.first == name; });
  if (same == members_.end()) {
    members_.emplace_back(name, std::move(json));
  } else {
    same->second = std::move(json);
  }
}

void Input::put(const char* name, std::string_view text) { put_text(name, json_quote(text)); }
void Input::put(const char* name, std::int64_t number) { put_text(name, std::to_string(number)); }
void Input::put(const char* name, double number) { put_text(name, Json(number).text()); }
void Input::put(const char* name, bool flag) { put_text(name, flag ? "true" : "false"); }
void Input::put(const char* name, const Json& json) { put_text(name, json.text()); }
void Input::put(const char* name, const Input& object) { put_text(name, object.json().text()); }

void Input::put(const char* name, const std::vector<std::string>& texts) {
  put(name, std::vector<Json>(texts.begin(), texts.end()));
}

void Input::put(const char* name, const std::vector<std::int64_t>& numbers) {
  put(name, std::vector<Json>(numbers.begin(), numbers.end()));
}

void Input::put(const char* name, const std::vector<Json>& values) {
  put_text(name, Json::array(values).text());
}

void Input::append(std::string& list, const Input& object) {
  if (!list.empty()) list += ',';
  list += object.json().text();
}

void Input::put_list(std::string_view name, std::string items) {
  put_text(name, '[' + std::move(items) + ']');
}

Json Input::json() const {
  JsonWriter out;
  out.open_object();
  for (const auto& [name, value] : members_) out.name(name).raw(value);
  return Json::raw(std::move(out.close_object()).text());
}

Result<FilePart> FilePart::from_file(const std::string& path) {
  std::error_code no_size;  // of a pipe
  const auto size = std::filesystem::file_size(path, no_size);
  if (!no_size && size > kLargestFile) return too_large_to_upload();
  std::ifstream file(path, std::ios::binary);
  std::string content;
  std::vector<char> block(std::size_t{1024} * 1024);
  while (file && content.size() <= kLargestFile) {
    file.read(block.data(), static_cast<std::streamsize>(block.size()));
    content.append(block.data(), static_cast<std::size_t>(file.gcount()));
  }
  if (content.size() > kLargestFile) return too_large_to_upload();
  if (!file.eof()) return Error(Errc::invalid_argument, "the file to be uploaded cannot be read");
  return FilePart{.name = path.substr(path.find_last_of('/') + 1), .content = std::move(content)};
}

}  // namespace tongs
