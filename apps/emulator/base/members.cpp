#include "emulator/base/members.hpp"

#include <algorithm>
#include <utility>

#include <boost/json/stream_parser.hpp>

#include "base/nearest.hpp"

namespace tongs::emulator {

void Problem::set(std::string what, std::string where) {
  if (message.empty()) *this = {std::move(what), std::move(where)};
}

std::string Problem::describe() const { return at.empty() ? message : at + ": " + message; }

const json::value* Members::find(std::string_view name) {
  asked_.push_back(name);
  return object_.if_contains(name);
}

std::string Members::pointer(std::string_view name) const {
  std::string path = at_ + '/';
  for (const char c : name) {
    if (c == '~') {
      path += "~0";
    } else if (c == '/') {
      path += "~1";
    } else {
      path += c;
    }
  }
  return path;
}

void Members::refuse(std::string_view name, std::string message) {
  problem_.set(std::move(message), pointer(name));
}

std::optional<std::string> Members::text(std::string_view name) {
  const json::value* value = find(name);
  if (value == nullptr || value->is_null()) return std::nullopt;
  if (value->is_string()) return std::string(value->get_string());
  refuse(name, "must be a string");
  return std::nullopt;
}

std::string Members::required_text(std::string_view name) {
  auto value = text(name);
  if (!value || value->empty()) refuse(name, "is required and must not be empty");
  return value.value_or("");
}

std::optional<bool> Members::boolean(std::string_view name) {
  const json::value* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_bool()) return value->get_bool();
  refuse(name, "must be true or false");
  return std::nullopt;
}

std::optional<std::int64_t> Members::integer(std::string_view name, std::int64_t least, std::int64_t most) {
  const json::value* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_int64() && value->get_int64() >= least && value->get_int64() <= most)
    return value->get_int64();
  refuse(name, "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  return std::nullopt;
}

std::optional<double> Members::number(std::string_view name, double least, double most) {
  const json::value* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_number()) {
    const auto number = value->to_number<double>();
    if (number >= least && number <= most) return number;
  }
  refuse(name, "must be a number from " + std::to_string(least) + " to " + std::to_string(most));
  return std::nullopt;
}

std::vector<std::string> Members::texts(std::string_view name) {
  std::vector<std::string> all;
  const json::array* items = array(name);
  if (items == nullptr) return all;
  for (const auto& item : *items) {
    if (!item.is_string()) {
      refuse(name, "must hold strings only");
      return {};
    }
    all.emplace_back(item.get_string());
  }
  return all;
}

const json::object* Members::object(std::string_view name) {
  const json::value* value = find(name);
  if (value == nullptr) return nullptr;
  if (!value->is_object()) refuse(name, "must be an object");
  return value->if_object();
}

const json::array* Members::array(std::string_view name) {
  const json::value* value = find(name);
  if (value == nullptr) return nullptr;
  if (!value->is_array()) refuse(name, "must be an array");
  return value->if_array();
}

const json::value* Members::any(std::string_view name) { return find(name); }

void Members::objects(std::string_view name, const std::function<void(Members&)>& each) {
  const json::array* items = array(name);
  if (items == nullptr) return;
  for (std::size_t i = 0; i < items->size() && sound(); ++i) {
    const json::object* item = (*items)[i].if_object();
    if (item == nullptr) return refuse(name, "must hold objects only");
    Members members(*item, pointer(name) + '/' + std::to_string(i), problem_);
    each(members);
    members.finish();
  }
}

void Members::nested(std::string_view name, const std::function<void(Members&)>& each) {
  const json::object* inner = object(name);
  if (inner == nullptr) return;
  Members members(*inner, pointer(name), problem_);
  each(members);
  members.finish();
}

void Members::finish() {
  for (const auto& member : object_) {
    const std::string_view name = member.key();
    if (std::find(asked_.begin(), asked_.end(), name) != asked_.end()) continue;
    std::string message = "is not known here";
    if (const auto meant = nearest(name, asked_)) message += "; did you mean " + std::string(*meant) + '?';
    return refuse(name, std::move(message));
  }
}

std::variant<json::value, Problem> parse_json(std::string_view text) {
  json::parse_options options;
  options.max_depth = 64;
  json::stream_parser parser({}, options);
  json::error_code failed;
  std::size_t rest = parser.write_some(text.data(), text.size(), failed);
  while (!failed && rest < text.size() &&
         std::string_view(" \t\r\n").find(text[rest]) != std::string_view::npos) {
    ++rest;
  }
  if (!failed && rest == text.size()) parser.finish(failed);
  if (!failed && rest == text.size()) return parser.release();
  const auto before = text.substr(0, rest);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const auto column = before.size() - (before.rfind('\n') + 1) + 1;
  return Problem{failed == json::error::too_deep ? "the JSON is nested more than 64 levels deep"
                                                 : "the text is not JSON from here on",
                 "line " + std::to_string(line) + ", column " + std::to_string(column)};
}

std::variant<json::object, Problem> parse_json_object(std::string_view text) {
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return json::object{};
  auto parsed = parse_json(text);
  if (auto* problem = std::get_if<Problem>(&parsed)) return std::move(*problem);
  auto& value = std::get<json::value>(parsed);
  if (!value.is_object()) return Problem{"must be a JSON object", ""};
  return std::move(value.get_object());
}

}  // namespace tongs::emulator
