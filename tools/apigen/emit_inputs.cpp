#include "emit.hpp"
#include "names.hpp"

namespace apigen {

namespace {

using Kind = Type::Kind;

class Inputs {
 public:
  Inputs(const Api& api, Files& files)
      : api_(api),
        header_(files["include/tongs/" + api.folder + "/inputs.hpp"]),
        source_(files["src/" + api.folder + "/inputs.cpp"]) {}

  void emit() {
    header_ =
        "#pragma once\n#include <cstdint>\n#include <string>\n#include <string_view>\n#include <vector>\n\n";
    if (!api_.shares.empty()) header_ += "#include <tongs/" + api_.shares + "/inputs.hpp>\n";
    header_ += "#include <tongs/request.hpp>\n\n";
    header_ += "// Bodies of requests, written member by member: see `tongs::Input`.\n";
    header_ += open_namespace(api_, "::input") + '\n';
    source_ = "#include <tongs/" + api_.folder + "/inputs.hpp>\n\n";
    source_ += open_namespace(api_, "::input");
    for (const auto& [key, schema] : api_.schemas) {
      if (schema.in_bodies) header_ += schema.shared ? using_of(schema) : "class " + schema.name + ";\n";
    }
    for (const auto& [key, schema] : api_.schemas) {
      if (schema.in_bodies && !schema.shared) emit(schema);
    }
    header_ += '\n' + close_namespace(api_, "::input");
    source_ += '\n' + close_namespace(api_, "::input");
  }

 private:
  std::string using_of(const Schema& schema) const {
    std::string space = api_.shares;
    return "using tongs::" + space.replace(space.find('/'), 1, "::") + "::input::" + schema.name + ";\n";
  }

  void emit(const Schema& schema) {
    std::string values;
    std::string setters;
    std::string required;
    for (const Member& member : schema.members) {
      if (member.read_only) continue;
      if (member.required) required += (required.empty() ? "`" : ", `") + member.name + "`";
      values += constants(pascal(member.name) + "Values", known_values(member.type), "  ");
      const std::string parameter = parameter_of(member.type) + " value";
      setters += wrapped("  " + schema.name + "& " + member.name + "(", {parameter}, ");");
      source_ +=
          '\n' + wrapped(schema.name + "& " + schema.name + "::" + member.name + "(", {parameter}, ") {");
      source_ += "  put(" + literal(member.wire) + ", value);\n  return *this;\n}\n";
    }
    header_ += '\n';
    if (!required.empty()) header_ += comment("Required: " + required + ".");
    header_ += "class " + schema.name + " : public Input {\n public:\n" + values;
    if (!values.empty()) header_ += '\n';
    header_ += setters + "};\n";
  }

  std::string parameter_of(const Type& type) const {
    switch (type.kind) {
      case Kind::string:
        return "std::string_view";
      case Kind::integer:
        return "std::int64_t";
      case Kind::number:
        return "double";
      case Kind::boolean:
        return "bool";
      case Kind::object:
        return "const " + api_.schemas.at(type.schema).name + "&";
      case Kind::list:
        return "const std::vector<" + element_of(*type.element) + ">&";
      case Kind::any:
      case Kind::map:
        break;
    }
    return "const Json&";
  }

  std::string element_of(const Type& type) const {
    switch (type.kind) {
      case Kind::string:
        return "std::string";
      case Kind::integer:
        return "std::int64_t";
      case Kind::object:
        return api_.schemas.at(type.schema).name;
      default:
        return "Json";
    }
  }

  const Api& api_;
  std::string& header_;
  std::string& source_;
};

}  // namespace

void emit_inputs(const Api& api, Files& files) { Inputs(api, files).emit(); }

}  // namespace apigen
