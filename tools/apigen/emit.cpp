#include "emit.hpp"

#include <algorithm>

#include "names.hpp"

namespace apigen {

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
  std::string out;
  for (const std::string& part : parts) {
    if (!out.empty()) out += between;
    out += part;
  }
  return out;
}

std::string wrapped(const std::string& head, const std::vector<std::string>& arguments,
                    const std::string& tail) {
  const std::string one_line = head + joined(arguments, ", ") + tail;
  if (one_line.size() <= kColumns) return one_line + '\n';
  std::size_t indent = head.size();
  for (const std::string& argument : arguments) {
    if (indent + argument.size() + tail.size() > kColumns) indent = head.find_first_not_of(' ') + 4;
  }
  std::string out = head;
  std::string line = indent == head.size() ? head : std::string(indent, ' ');
  if (indent != head.size()) out += '\n' + line;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const bool last = i + 1 == arguments.size();
    const std::string piece = arguments[i] + (last ? tail : ",");
    const std::size_t gap = line.size() == indent ? 0 : 1;
    if (gap == 1 && line.size() + 1 + piece.size() > kColumns) {
      line = std::string(indent, ' ');
      out += '\n' + line;
    } else if (gap == 1) {
      line += ' ';
      out += ' ';
    }
    line += piece;
    out += piece;
  }
  return out + '\n';
}

std::string comment(std::string_view text, std::string_view start_with) {
  const std::string start(start_with);
  std::string out;
  std::string line = start;
  while (!text.empty()) {
    const std::size_t space = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, space);
    if (line.size() > start.size() && line.size() + 1 + word.size() > kColumns) {
      out += line + '\n';
      line = start;
    }
    line += ' ';
    line += word;
    text.remove_prefix(std::min(space + 1, text.size()));
  }
  return out + line + '\n';
}

std::string literal(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

const std::vector<std::string>& known_values(const Type& type) {
  return type.kind == Type::Kind::list ? known_values(*type.element) : type.values;
}

std::string constants(const std::string& name, const std::vector<std::string>& values,
                      std::string_view indent) {
  if (values.empty()) return {};
  UniqueNames names;
  const std::string in(indent);
  std::string out = in + "struct " + name + " {\n";
  for (const std::string& value : values) {
    const std::string constant = names.take(value_name(value));
    std::string line = in + "  static constexpr const char* " + constant + " = " + literal(value) + ";";
    if (line.size() > kColumns) {
      line =
          in + "  static constexpr const char* " + constant + " =\n" + in + "      " + literal(value) + ";";
    }
    out += line + '\n';
  }
  return out + in + "};\n";
}

std::string open_namespace(const Api& api, std::string_view inner) {
  return "namespace tongs::" + api.space + std::string(inner) + " {\n";
}

std::string close_namespace(const Api& api, std::string_view inner) {
  return "}  // namespace tongs::" + api.space + std::string(inner) + '\n';
}

std::string kebab(std::string name) {
  std::replace(name.begin(), name.end(), '_', '-');
  while (name.ends_with('-')) name.pop_back();
  return name;
}

}  // namespace apigen
