#include <algorithm>

#include "emit.hpp"
#include "names.hpp"

namespace apigen {

namespace {

/// Operations in one source file: few enough that a program with one call links little, enough that the
/// headers are not read too often.
constexpr std::size_t kOperationsPerSource = 110;

bool all_optional(const Operation& operation) {
  const bool parameters =
      std::none_of(operation.parameters.begin(), operation.parameters.end(),
                   [](const Parameter& p) { return p.required || p.in == Parameter::In::path; });
  const bool no_body = operation.body.kind == Body::Kind::none || !operation.body.required;
  return parameters && no_body && operation.body.kind != Body::Kind::files &&
         operation.body.kind != Body::Kind::bytes;
}

std::string text_of(const Scopes& scopes) {
  std::vector<std::string> alternatives;
  for (const auto& alternative : scopes) alternatives.push_back("`" + joined(alternative, "`, `") + "`");
  return joined(alternatives, "; or ");
}

class Calls {
 public:
  Calls(const Api& api, Files& files) : api_(api), files_(files) {}

  void emit() {
    std::string umbrella = "#pragma once\n";
    for (const Tag& tag : api_.tags) {
      emit_header(tag);
      umbrella += "#include <tongs/" + api_.folder + "/" + tag.file + ".hpp>\n";
    }
    files_["include/tongs/" + api_.folder + ".hpp"] =
        umbrella + "#include <tongs/" + api_.folder + "/operations.hpp>\n";
    emit_sources();
  }

 private:
  void emit_header(const Tag& tag) {
    std::string out =
        "#pragma once\n#include <cstdint>\n#include <optional>\n#include <string>\n#include <string_view>\n"
        "#include <utility>\n#include <vector>\n\n";
    std::vector<std::string> ours = {
        "call_options",         "client", "pages", "reply", "request", "result", api_.folder + "/inputs",
        api_.folder + "/models"};
    std::sort(ours.begin(), ours.end());
    for (const std::string& header : ours) out += "#include <tongs/" + header + ".hpp>\n";
    out += '\n';
    out += comment(tag.title +
                       ". Errors of each call: as `BoundClient::send_json`, and invalid_argument (a client "
                       "of another product).",
                   "//");
    out += open_namespace(api_);
    for (const std::size_t index : tag.operations) out += declaration(api_.operations[index]);
    files_["include/tongs/" + api_.folder + "/" + tag.file + ".hpp"] = out + '\n' + close_namespace(api_);
  }

  std::string declaration(const Operation& operation) const {
    std::string out = '\n' + comment(operation.method + " " + operation.path);
    out += request_struct(operation);
    out += '\n' + doc_of(operation);
    if (operation.deprecated) out += "[[deprecated(\"" + why_deprecated(operation) + "\")]]\n";
    out += signature(operation, true);
    if (operation.paging) {
      out += "\n/// Its pages, from `position` on (empty: from the first).\n";
      if (operation.deprecated) out += "[[deprecated(\"" + why_deprecated(operation) + "\")]]\n";
      out += pages_signature(operation, true);
    }
    return out;
  }

  static std::string why_deprecated(const Operation& operation) {
    return operation.gone_on.empty() ? "Atlassian advises against it"
                                     : "Atlassian announced its end for " + operation.gone_on.substr(0, 10);
  }

  static std::string doc_of(const Operation& operation) {
    std::string out;
    if (!operation.classic.empty()) out += comment("Scopes: " + text_of(operation.classic) + ".");
    if (!operation.granular.empty()) out += comment("Granular scopes: " + text_of(operation.granular) + ".");
    if (operation.classic.empty() && operation.granular.empty()) out += "/// No scopes are stated.\n";
    if (operation.experimental) out += "/// Experimental: it may change without notice.\n";
    if (operation.answer.kind == Answer::Kind::reply)
      out += "/// The status tells what became of it; nothing is followed.\n";
    if (operation.answer.kind == Answer::Kind::download) {
      out += "/// Follows redirects to where the file rests, without credentials.\n";
    }
    if (operation.idempotent) out += "/// It only reads, so it is repeated like a GET.\n";
    return out;
  }

  std::string request_struct(const Operation& operation) const {
    std::string members;
    std::string values;
    for (const Parameter& parameter : operation.parameters) {
      values += constants(pascal(parameter.name) + "Values", known_values(parameter.type), "  ");
      members += "  " + member_of(parameter) + "\n";
    }
    members += body_members(operation);
    if (members.empty()) return "struct " + operation.request + " {};\n";
    return "struct " + operation.request + " {\n" + values + (values.empty() ? "" : "\n") + members + "};\n";
  }

  static std::string plain_type(const Type& type) {
    switch (type.kind) {
      case Type::Kind::integer:
        return "std::int64_t";
      case Type::Kind::number:
        return "double";
      case Type::Kind::boolean:
        return "bool";
      case Type::Kind::list:
        return type.element->kind == Type::Kind::integer ? "std::vector<std::int64_t>"
                                                         : "std::vector<std::string>";
      default:
        return "std::string";
    }
  }

  static std::string member_of(const Parameter& parameter) {
    if (parameter.in == Parameter::In::path) return "PathValue " + parameter.name + ";";
    if (parameter.pairs)
      return "std::vector<std::pair<std::string, std::string>> " + parameter.name + " = {};";
    const std::string type = plain_type(parameter.type);
    if (parameter.required) return "Required<" + type + "> " + parameter.name + ";";
    if (parameter.type.kind == Type::Kind::list) return type + " " + parameter.name + " = {};";
    return "std::optional<" + type + "> " + parameter.name + " = {};";
  }

  std::string body_members(const Operation& operation) const {
    const Body& body = operation.body;
    switch (body.kind) {
      case Body::Kind::none:
        return {};
      case Body::Kind::typed: {
        const std::string type = "Body<input::" + api_.schemas.at(body.schema).name + ">";
        return body.required ? "  " + type + " body;\n" : "  std::optional<" + type + "> body = {};\n";
      }
      case Body::Kind::json:
        return body.required ? "  Required<Json> body;\n" : "  std::optional<Json> body = {};\n";
      case Body::Kind::patch:
        return "  /// A list of operations (RFC 6902).\n  Required<Json> body;\n";
      case Body::Kind::bytes:
        return "  Required<std::string> content;\n  /// Such as `image/png`.\n  Required<std::string> "
               "content_type;\n";
      case Body::Kind::files:
        break;
    }
    std::string out = "  Files files;\n";
    for (const std::string& field : body.fields)
      out += "  std::optional<std::string> " + snake(field) + " = {};\n";
    return out;
  }

  std::string answer_type(const Operation& operation) const {
    const Answer& answer = operation.answer;
    switch (answer.kind) {
      case Answer::Kind::nothing:
        return "void";
      case Answer::Kind::any:
        return "Model";
      case Answer::Kind::object:
        return api_.schemas.at(answer.schema).name;
      case Answer::Kind::list:
        return "ModelList<" + api_.schemas.at(answer.schema).name + ">";
      case Answer::Kind::reply:
        return "Reply";
      case Answer::Kind::download:
        return "Download";
    }
    return "Model";
  }

  std::string signature(const Operation& operation, bool declares) const {
    const std::string request =
        "const " + operation.request + "& request" + (declares && all_optional(operation) ? " = {}" : "");
    return wrapped("Result<" + answer_type(operation) + "> " + operation.name + "(",
                   {"const BoundClient& client", request,
                    std::string("const CallOptions& call") + (declares ? " = {}" : "")},
                   declares ? ");" : ") {");
  }

  std::string item_type(const Operation& operation) const {
    const std::string& item = operation.paging->item_schema;
    return item.empty() ? "Model" : api_.schemas.at(item).name;
  }

  std::string pages_signature(const Operation& operation, bool declares) const {
    const std::string request =
        "const " + operation.request + "& request" + (declares && all_optional(operation) ? " = {}" : "");
    return wrapped("Result<Pages<" + item_type(operation) + ">> " + operation.name + "_pages(",
                   {"const BoundClient& client", request,
                    std::string("std::string_view position") + (declares ? " = {}" : "")},
                   declares ? ");" : ") {");
  }

  void emit_sources() {
    std::size_t count = 0;
    std::string headers;
    std::string fillers;
    std::string functions;
    std::size_t number = 1;
    const auto flush = [&] {
      files_["src/" + api_.folder + "/calls_" + std::to_string(number++) + ".cpp"] =
          headers + "\n#include \"client/typed_call.hpp\"\n\n" + open_namespace(api_) +
          "\nnamespace {\n\nusing detail::AnswerKind;\nusing detail::TypedCall;\n" + fillers +
          "\n}  // namespace\n" + functions + '\n' + close_namespace(api_);
      headers.clear();
      fillers.clear();
      functions.clear();
      count = 0;
    };
    for (const Tag& tag : api_.tags) {
      headers += "#include <tongs/" + api_.folder + "/" + tag.file + ".hpp>\n";
      for (const std::size_t index : tag.operations) {
        fillers += filler(api_.operations[index]);
        functions += definition(api_.operations[index]);
      }
      count += tag.operations.size();
      if (count >= kOperationsPerSource) flush();
    }
    if (count > 0) flush();
  }

  std::string filler(const Operation& operation) const {
    const bool reads = !operation.parameters.empty() || operation.body.kind != Body::Kind::none;
    std::string out =
        "\nTypedCall filled(const " + operation.request + "&" + (reads ? " request" : "") + ") {\n";
    out += wrapped("  TypedCall call(",
                   {"Product::" + api_.product, literal(operation.method), literal(operation.path)}, ");");
    for (const Parameter& parameter : operation.parameters) {
      const char* how = parameter.in == Parameter::In::path     ? "path"
                        : parameter.in == Parameter::In::header ? "header"
                        : parameter.joined                      ? "joined"
                                                                : "query";
      const std::string wire = parameter.pairs ? std::string() : literal(parameter.wire) + ", ";
      out += "  call." + std::string(how) + "(" + wire + "request." + parameter.name + ");\n";
    }
    for (const auto& [name, value] : operation.headers) {
      out += "  call.header(" + literal(name) + ", " + literal(value) + ");\n";
    }
    out += body_statement(operation.body);
    if (operation.idempotent) out += "  call.idempotent();\n";
    return out + "  return call;\n}\n";
  }

  static std::string body_statement(const Body& body) {
    switch (body.kind) {
      case Body::Kind::none:
        return {};
      case Body::Kind::typed:
        return "  call.body(request.body);\n";
      case Body::Kind::json:
        return body.required ? "  call.json(*request.body);\n"
                             : "  if (request.body) call.json(*request.body);\n";
      case Body::Kind::patch:
        return "  call.json(*request.body, \"application/json-patch+json\");\n";
      case Body::Kind::bytes:
        return "  call.bytes(*request.content, *request.content_type);\n";
      case Body::Kind::files:
        break;
    }
    std::vector<std::string> fields;
    for (const std::string& field : body.fields)
      fields.push_back("{" + literal(field) + ", request." + snake(field) + "}");
    if (fields.empty()) return "  call.files(\"file\", request.files.all());\n";
    return "  call.files(\"file\", request.files.all(), {" + joined(fields, ", ") + "});\n";
  }

  std::string definition(const Operation& operation) const {
    const Answer& answer = operation.answer;
    std::string value;
    switch (answer.kind) {
      case Answer::Kind::nothing:
        value = "filled(request).done(client, call)";
        break;
      case Answer::Kind::any:
        value = "filled(request).answer(client, AnswerKind::any, call)";
        break;
      case Answer::Kind::object:
        value = "detail::object<" + answer_type(operation) + ">(filled(request), client, call)";
        break;
      case Answer::Kind::list:
        value = "detail::list<" + api_.schemas.at(answer.schema).name + ">(filled(request), client, call)";
        break;
      case Answer::Kind::reply:
        value = "filled(request).reply(client, call)";
        break;
      case Answer::Kind::download:
        value = "filled(request).download(client, call)";
        break;
    }
    std::string out = '\n' + signature(operation, false) + "  return " + value + ";\n}\n";
    if (operation.paging) out += '\n' + pages_signature(operation, false) + pages_body(operation) + "}\n";
    return out;
  }

  std::string pages_body(const Operation& operation) const {
    const Paging& paging = *operation.paging;
    std::string made = "{.kind = PageKind::" + paging.kind + ", .items = " + literal(paging.items);
    if (!paging.parameter.empty()) made += ", .parameter = " + literal(paging.parameter);
    if (!paging.next.empty()) made += ", .next = " + literal(paging.next);
    if (paging.in_body) made += ", .in_body = true";
    if (paging.one_page) made += ", .max_pages = 1";
    return wrapped("  return detail::pages<" + item_type(operation) + ">(",
                   {"filled(request)", "client", made + "}", "position"}, ");");
  }

  const Api& api_;
  Files& files_;
};

}  // namespace

void emit_calls(const Api& api, Files& files) { Calls(api, files).emit(); }

}  // namespace apigen
