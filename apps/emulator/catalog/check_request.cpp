#include "emulator/catalog/check_request.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>
#include <variant>

#include "common/number.hpp"
#include "emulator/api/path_pattern.hpp"

namespace tongs::emulator {

namespace {

using Type = OperationParameter::Type;
using In = OperationParameter::In;

bool is_real(std::string_view text) noexcept {
  double number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  return !text.empty() && failed == std::errc{} && end == text.data() + text.size();
}

/// Some known values are descriptions of what else there may be.
bool is_known(const std::vector<std::string_view>& values, std::string_view value) noexcept {
  return values.empty() || std::any_of(values.begin(), values.end(), [&](std::string_view known) {
           return known == value || known.starts_with('<');
         });
}

/// Why a value is not of the parameter's kind; empty: it is.
std::string wrong_with(const OperationParameter& parameter, std::string_view value) {
  if (parameter.type == Type::integer && !parse_whole(value)) return "must be an integer";
  if (parameter.type == Type::number && !is_real(value)) return "must be a number";
  if (parameter.type == Type::boolean && value != "true" && value != "false") return "must be true or false";
  if (is_known(parameter.values, value)) return {};
  std::string all;
  for (const std::string_view known : parameter.values) all.append(all.empty() ? "" : ", ").append(known);
  return "must be one of " + all;
}

std::vector<std::string> values_of(const OperationParameter& parameter, const ApiCall& call,
                                   const PathParameters& in_path) {
  switch (parameter.in) {
    case In::path:
      return {in_path.at(parameter.name)};
    case In::header: {
      const std::string_view value = call.header(parameter.name);
      return value.empty() ? std::vector<std::string>() : std::vector<std::string>{std::string(value)};
    }
    case In::query:
      break;
  }
  if (parameter.list) return call.list(parameter.name);
  const auto value = call.parameter(parameter.name);
  return value ? std::vector<std::string>{std::string(*value)} : std::vector<std::string>();
}

json::value json_of(const OperationParameter& parameter, const std::string& value) {
  if (parameter.type == Type::integer) return parse_whole(value).value_or(0);
  return json::value(value);
}

/// What is of its type may still be too much, or too little.
void check_bounds(ServedApi& api, const json::object& schema, const OperationParameter& parameter,
                  const std::vector<std::string>& values, std::vector<Unfit>& found) {
  json::array list;
  for (const std::string& value : values) list.push_back(json_of(parameter, value));
  const json::value given = parameter.list ? json::value(list) : list.front();
  for (Misfit& misfit : validate(schema, given, Direction::request, api.contracts.schemas()))
    found.push_back({std::string(parameter.name), {"", std::move(misfit.message)}});
}

void check_parameters(ServedApi& api, const Operation& operation, const ApiCall& call,
                      const PathParameters& in_path, std::vector<Unfit>& found) {
  const json::object* bounded = api.contracts.contract(operation.name).parameters;
  for (const OperationParameter& parameter : operation.parameters) {
    if (parameter.pairs) continue;
    const auto values = values_of(parameter, call, in_path);
    if (values.empty() && parameter.required)
      found.push_back({std::string(parameter.name), {"", "is required"}});
    const std::size_t before = found.size();
    for (const std::string& value : values) {
      std::string wrong = wrong_with(parameter, value);
      if (!wrong.empty()) found.push_back({std::string(parameter.name), {"", std::move(wrong)}});
    }
    const json::object* bounds = bounded == nullptr ? nullptr : object_in(*bounded, parameter.name);
    if (bounds != nullptr && !values.empty() && found.size() == before)
      check_bounds(api, *bounds, parameter, values, found);
  }
}

void check_body(ServedApi& api, const Operation& operation, const ApiCall& call, std::vector<Unfit>& found) {
  const bool is_json = operation.body == BodyKind::json || operation.body == BodyKind::json_patch;
  if (call.body.empty()) {
    if (operation.body_required) found.push_back({{}, {"", "a body is required"}});
    return;
  }
  if (!is_json) return;
  const auto parsed = parse_json(call.body);
  if (const auto* problem = std::get_if<Problem>(&parsed)) {
    found.push_back({{}, {"", problem->describe()}});
    return;
  }
  const json::object* schema = api.contracts.contract(operation.name).body;
  if (schema == nullptr) return;
  for (Misfit& misfit :
       validate(*schema, std::get<json::value>(parsed), Direction::request, api.contracts.schemas())) {
    found.push_back({{}, std::move(misfit)});
  }
}

}  // namespace

std::vector<Unfit> check_request(ServedApi& api, const Operation& operation, const ApiCall& call,
                                 std::string_view path) {
  std::vector<Unfit> found;
  const auto in_path = match_path(operation.path, path);
  check_parameters(api, operation, call, in_path.value_or(PathParameters()), found);
  check_body(api, operation, call, found);
  return found;
}

}  // namespace tongs::emulator
