#include "cli/json_print.hpp"

#include "cli/terminal.hpp"

namespace tongs::cli {

namespace {

void append(std::string& out, JsonView value, std::size_t level, bool safe) {
  const bool object = value.kind() == JsonView::Kind::object;
  const auto shown = [&](const std::string& json) { return safe ? printable(json) : json; };
  if ((!object && value.kind() != JsonView::Kind::array) || value.size() == 0) {
    out += shown(value.text());
    return;
  }
  out += object ? "{" : "[";
  bool first = true;
  for (auto item = value.begin(); item != value.end(); ++item) {
    out += first ? "\n" : ",\n";
    first = false;
    out.append((level + 1) * 2, ' ');
    if (object) out += shown(json_quote(item.key())) + ": ";
    append(out, *item, level + 1, safe);
  }
  out.append("\n").append(level * 2, ' ').append(object ? "}" : "]");
}

}  // namespace

std::string pretty(JsonView value, bool safe) {
  std::string out;
  append(out, value, 0, safe);
  return out;
}

}  // namespace tongs::cli
