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

void check_parameters(const Operation& operation, const ApiCall& call, const PathParameters& in_path,
                      std::vector<Unfit>& found) {
  for (const OperationParameter& parameter : operation.parameters) {
    if (parameter.pairs) continue;
    const auto values = values_of(parameter, call, in_path);
    if (values.empty() && parameter.required)
      found.push_back({std::string(parameter.name), {"", "is required"}});
    for (const std::string& value : values) {
      std::string wrong = wrong_with(parameter, value);
      if (!wrong.empty()) found.push_back({std::string(parameter.name), {"", std::move(wrong)}});
    }
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
  check_parameters(operation, call, in_path.value_or(PathParameters()), found);
  check_body(api, operation, call, found);
  return found;
}

}  // namespace tongs::emulator
