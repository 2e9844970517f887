#include <algorithm>

#include "emit.hpp"
#include "names.hpp"

namespace apigen {

namespace {

/// One function of the table: what it was given as JSON, put into the request, member by member.
std::string entry(const Api& api, const Operation& operation) {
  std::vector<std::string> required;
  std::string optional;
  const auto argument = [](const std::string& wire) { return "args[" + literal(wire) + "]"; };
  for (const Parameter& parameter : operation.parameters) {
    const std::string value = argument(parameter.wire);
    if (parameter.in == Parameter::In::path) {
      required.push_back("." + parameter.name + " = PathValue(text_of(" + value + "))");
    } else if (parameter.required && !parameter.pairs) {
      required.push_back("." + parameter.name + " = " + value);
    } else {
      optional += "  take(" + value + ", request." + parameter.name + ");\n";
    }
  }
  switch (operation.body.kind) {
    case Body::Kind::none:
      break;
    case Body::Kind::bytes:
      required.push_back(".content = text_of(" + argument("@content") + ")");
      required.push_back(".content_type = text_of(" + argument("@contentType") + ")");
      break;
    case Body::Kind::files:
      required.push_back(".files = files_of(" + argument("@files") + ")");
      for (const std::string& field : operation.body.fields) {
        optional += "  take(" + argument(field) + ", request." + snake(field) + ");\n";
      }
      break;
    default:
      if (operation.body.required) {
        required.push_back(".body = Json::raw(" + argument("@body") + ".text())");
      } else {
        optional +=
            "  if (" + argument("@body") + ") request.body = Json::raw(" + argument("@body") + ".text());\n";
      }
  }
  const std::string space = "tongs::" + api.space + "::";
  std::vector<std::string> arguments;
  for (std::string& value : required) {
    const std::size_t equals = value.find(" = ");
    std::string right = value.substr(equals + 3);
    if (right.starts_with("args[")) right = "Argument{" + right + "}";
    arguments.push_back(value.substr(0, equals) + " = " + right);
  }
  const bool reads = !required.empty() || !optional.empty();
  std::string out = "Result<void> run_" + operation.name + "(const BoundClient& client, JsonView" +
                    (reads ? " args" : "") + ") {\n";
  out += "  " + std::string(optional.empty() ? "const " : "") + space + operation.request + " request{" +
         joined(arguments, ", ") + "};\n" + optional;
  out += "  return outcome_of(" + space + operation.name + "(client, request));\n}\n\n";
  return out;
}

}  // namespace

void emit_runner(const Api& api, Files& files) {
  std::string space = api.folder;
  std::replace(space.begin(), space.end(), '/', '_');
  std::string out = "#include \"peers/runner.hpp\"\n\n#include <tongs/" + api.folder +
                    ".hpp>\n\n#pragma GCC diagnostic ignored \"-Wdeprecated-declarations\"\n\n"
                    "namespace tongs::peers {\nnamespace {\n\n";
  for (const Operation& operation : api.operations) out += entry(api, operation);
  out += "constexpr Runner kRunners[] = {\n";
  for (const Operation& operation : api.operations) {
    out += "    {" + literal(kebab(operation.name)) + ", run_" + operation.name + "},\n";
  }
  out += "};\n\n}  // namespace\n\nstd::span<const Runner> runners_of_" + space +
         "() { return kRunners; }\n\n}  // namespace tongs::peers\n";
  files["runner/" + space + ".cpp"] = std::move(out);
}

}  // namespace apigen
