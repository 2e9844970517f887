#include <algorithm>

#include "emit.hpp"
#include "names.hpp"

namespace apigen {

namespace {

using Kind = Type::Kind;

class Models {
 public:
  Models(const Api& api, Files& files)
      : api_(api), out_(files["include/tongs/" + api.folder + "/models.hpp"]) {}

  void emit() {
    out_ = "#pragma once\n#include <cstdint>\n#include <optional>\n#include <string_view>\n\n";
    if (!api_.shares.empty()) out_ += "#include <tongs/" + api_.shares + "/models.hpp>\n";
    out_ += "#include <tongs/model.hpp>\n\n";
    out_ +=
        "// What the operations answer with: views of the parsed answer, as `tongs::Model` describes it. "
        "Members that\n"
        "// are an object give a view that may not exist.\n";
    out_ += open_namespace(api_) + '\n';
    for (const auto& [key, schema] : api_.schemas) {
      if (schema.in_answers) out_ += schema.shared ? using_of(schema) : "class " + schema.name + ";\n";
    }
    for (const auto& [key, schema] : api_.schemas) {
      if (schema.in_answers && !schema.shared) emit(schema);
    }
    if (!parts_.empty()) out_ += '\n' + parts_;
    out_ += '\n' + close_namespace(api_);
  }

 private:
  std::string using_of(const Schema& schema) const {
    std::string space = api_.shares;
    return "using tongs::" + space.replace(space.find('/'), 1, "::") + "::" + schema.name + ";\n";
  }

  void emit(const Schema& schema) {
    out_ += "\nclass " + schema.name + " : public Model {\n public:\n  using Model::Model;\n";
    std::string values;
    std::string accessors;
    for (const Member& member : schema.members) {
      if (member.write_only) continue;
      values += constants_of(member);
      accessors += accessor(schema, member);
    }
    const auto shortcuts = api_.shortcuts.find(schema.name);
    if (shortcuts != api_.shortcuts.end()) {
      for (const Shortcut& shortcut : shortcuts->second) accessors += shortcut_of(shortcut);
    }
    if (!values.empty()) out_ += '\n' + values;
    if (!accessors.empty()) out_ += '\n' + accessors;
    out_ += "};\n";
  }

  static std::string constants_of(const Member& member) {
    return constants(pascal(member.name) + "Values", known_values(member.type), "  ");
  }

  static std::string inline_accessor(const std::string& type, const std::string& name,
                                     const std::string& value) {
    std::string line = "  " + type + " " + name + "() const { return " + value + "; }";
    if (line.size() <= kColumns) return line + '\n';
    return "  " + type + " " + name + "() const {\n    return " + value + ";\n  }\n";
  }

  std::string accessor(const Schema& schema, const Member& member) {
    const std::string wire = literal(member.wire);
    switch (member.type.kind) {
      case Kind::string:
        return inline_accessor("std::optional<std::string_view>", member.name, "string_of(" + wire + ")");
      case Kind::integer:
        return inline_accessor("std::optional<std::int64_t>", member.name, "integer_of(" + wire + ")");
      case Kind::number:
        return inline_accessor("std::optional<double>", member.name, "number_of(" + wire + ")");
      case Kind::boolean:
        return inline_accessor("std::optional<bool>", member.name, "boolean_of(" + wire + ")");
      case Kind::object:
        return part(schema, member, name_of(member.type));
      case Kind::list:
      case Kind::map:
        if (member.type.element->kind != Kind::object) break;
        return part(schema, member,
                    (member.type.kind == Kind::list ? "ModelList<" : "ModelMap<") +
                        name_of(*member.type.element) + ">");
      case Kind::any:
        break;
    }
    return inline_accessor("JsonView", member.name, "json()[" + wire + "]");
  }

  /// Declared here, defined where every class is complete.
  std::string part(const Schema& schema, const Member& member, const std::string& type) {
    const std::string function = schema.name + "::" + member.name + "() const {";
    const bool fits = type.size() + function.size() + 8 <= kColumns;
    const std::string head = "inline " + type + (fits ? " " : "\n") + function;
    const std::string value = "return {document(), json()[" + literal(member.wire) + "]};";
    parts_ += head.size() + value.size() + 3 <= kColumns ? head + " " + value + " }\n"
                                                         : head + "\n  " + value + "\n}\n";
    return "  " + type + " " + member.name + "() const;\n";
  }

  std::string shortcut_of(const Shortcut& shortcut) const {
    std::vector<std::string> names;
    for (const std::string& step : shortcut.path) names.push_back(literal(step));
    return inline_accessor("std::optional<std::string_view>", shortcut.name,
                           "json().at(" + joined(names, ", ") + ").string()");
  }

  const std::string& name_of(const Type& type) const { return api_.schemas.at(type.schema).name; }

  const Api& api_;
  std::string& out_;
  std::string parts_;
};

}  // namespace

void emit_models(const Api& api, Files& files) { Models(api, files).emit(); }

}  // namespace apigen
