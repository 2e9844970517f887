#include "emit.hpp"

namespace apigen {

namespace {

/// One row of the table, as src/client/operation.cpp reads it: fields with tabs between, in this order.
std::string row_of(const Operation& operation, const Tag& tag) {
  const auto flags = [&] {
    std::string out;
    if (operation.deprecated) out += 'd';
    if (operation.experimental) out += 'x';
    if (operation.idempotent) out += 'i';
    if (operation.answer.kind == Answer::Kind::download) out += 'b';
    return out;
  };
  const auto type = [](const Type& of) {
    const Type& one = of.kind == Type::Kind::list ? *of.element : of;
    return one.kind == Type::Kind::integer   ? 'i'
           : one.kind == Type::Kind::number  ? 'n'
           : one.kind == Type::Kind::boolean ? 'b'
                                             : 's';
  };
  std::vector<std::string> parameters;
  for (const Parameter& parameter : operation.parameters) {
    std::string text = parameter.in == Parameter::In::path    ? "p"
                       : parameter.in == Parameter::In::query ? "q"
                                                              : "h";
    text += type(parameter.type);
    if (parameter.required || parameter.in == Parameter::In::path) text += '!';
    if (parameter.type.kind == Type::Kind::list) text += '*';
    if (parameter.joined) text += ',';
    if (parameter.pairs) text += '&';
    text += ' ' + parameter.wire;
    for (const std::string& value : known_values(parameter.type)) text += '|' + value;
    parameters.push_back(std::move(text));
  }
  std::vector<std::string> headers;
  for (const auto& [header, value] : operation.headers) headers.push_back(header + "=" + value);
  const auto body = [&] {
    constexpr const char* kinds[] = {"", "json", "json", "patch", "files", "bytes"};
    std::string out = kinds[static_cast<std::size_t>(operation.body.kind)];
    if (!out.empty() && operation.body.required) out += '!';
    for (const std::string& field : operation.body.fields) out += ' ' + field;
    return out;
  };
  const auto paging = [&] {
    if (!operation.paging) return std::string();
    const Paging& p = *operation.paging;
    return p.kind + ' ' + p.items + ' ' + p.parameter + ' ' + p.next + ' ' + (p.in_body ? "b" : "") +
           (p.one_page ? "1" : "");
  };
  const auto scopes = [](const Scopes& all) {
    std::vector<std::string> alternatives;
    for (const auto& alternative : all) alternatives.push_back(joined(alternative, " "));
    return joined(alternatives, "|");
  };
  std::string out;
  for (const std::string& field : {kebab(operation.name), operation.id, operation.method, operation.path,
                                   tag.title, flags(), joined(parameters, ";"), joined(headers, ";"), body(),
                                   paging(), scopes(operation.classic), scopes(operation.granular)}) {
    out += field + '\t';
  }
  out.pop_back();
  return out;
}

std::string escaped(const std::string& row) {
  std::string out;
  for (const char c : row) {
    if (c == '\t') {
      out += "\\t";
    } else {
      out += c;
    }
  }
  return literal(row) == "\"" + row + "\"" ? "\"" + out + "\"" : literal(out);
}

}  // namespace

void emit_operations(const Api& api, Files& files) {
  files["include/tongs/" + api.folder + "/operations.hpp"] =
      "#pragma once\n#include <tongs/operation.hpp>\n\n" + open_namespace(api) +
      "\n/// Every operation of this API: " + std::to_string(api.operations.size()) +
      ".\n"
      "const OperationTable& operations() noexcept;\n\n" +
      close_namespace(api);
  std::string out = "#include <tongs/" + api.folder + "/operations.hpp>\n\n#include <array>\n\n" +
                    open_namespace(api) +
                    "\nnamespace {\n\nconstexpr auto kRows = std::to_array<std::string_view>({\n";
  for (const Tag& tag : api.tags) {
    for (const std::size_t index : tag.operations)
      out += "    " + escaped(row_of(api.operations[index], tag)) + ",\n";
  }
  out += "});\n\nconstexpr OperationTable kOperations(Product::" + api.product +
         ", kRows);\n\n}  // namespace\n\n" +
         "const OperationTable& operations() noexcept { return kOperations; }\n\n" + close_namespace(api);
  files["src/" + api.folder + "/operations.cpp"] = std::move(out);
}

}  // namespace apigen
