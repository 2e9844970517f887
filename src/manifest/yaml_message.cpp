#include "manifest/yaml_message.hpp"

#include <array>

namespace tongs::manifest::yaml {

namespace {

struct Explanation {
  std::string_view part;  ///< of libfyaml's wording; the first that is found counts
  std::string_view ours;
};

constexpr std::array kExplanations = {
    Explanation{"tab", "a tab cannot indent in YAML: use spaces"},
    Explanation{"same line as a mapping key",
                "a list cannot start on the line of its key: start it on the next line"},
    Explanation{"nested block mapping on the same line",
                "a second 'key: value' on one line: put the value in quotes if the colon belongs to it"},
    Explanation{"mapping in plain multiline",
                "'key: value' inside a plain value: check the indentation, or put the value in quotes"},
    Explanation{"multiline plain key", "a key that spans lines: check the indentation of this line"},
    Explanation{"multiline", "a key that spans lines: put it on one line"},
    Explanation{"without a closing bracket", "this list is never closed: a ']' is missing"},
    Explanation{"extra closing", "a closing bracket that nothing opened"},
    Explanation{"missing comma", "a comma is missing between two items"},
    Explanation{"invalid comma", "a comma without an item before it"},
    Explanation{"extra comma", "a comma without an item before it"},
    Explanation{"without closing quote", "the quote that opens this text is never closed"},
    Explanation{"escape", "an escape that YAML does not know: use '\\\\' for a backslash, or single quotes"},
    Explanation{"trailing content after", "text after a closing quote: quote the whole value"},
    Explanation{"plain scalar cannot start with",
                "a plain value cannot start with this character: put it in quotes"},
    Explanation{"comment without whitespace", "a comment needs a space before its '#'"},
    Explanation{"could not find expected ':'",
                "this line is no 'key: value': a colon is missing, or the indentation is wrong"},
    Explanation{"expected key", "a key was expected here: check the indentation of this line"},
    Explanation{"expected '-' indicator", "a '- ' was expected here: check the indentation of this line"},
    Explanation{"expected node content",
                "a value was expected here: a bracket or a quote may be left open before it"},
    Explanation{"end of block sequence",
                "this line belongs neither to the list before it nor to a map: check its indentation"},
    Explanation{"wrongly indented",
                "wrong indentation: indent this line deeper than the key that it belongs to"},
    Explanation{"indent", "wrong indentation: align this line with its neighbours"},
    Explanation{"anchor", "an anchor ('&name') that cannot stand here"},
    Explanation{"alias", "an alias ('*name') that cannot stand here"},
    Explanation{"tag",
                "a tag ('!name') that cannot stand here: put the value in quotes if it starts with '!'"},
    Explanation{"directive", "a directive ('%…') that cannot stand here"},
    Explanation{"version", "a YAML version that is not known: remove the '%YAML' line"},
    Explanation{"after document end", "text after the end of the document ('...')"},
    Explanation{"invalid value after mapping",
                "a value that belongs to no key: check the indentation of this line"},
};

}  // namespace

std::string explain_syntax(std::string_view theirs) {
  for (const auto& [part, ours] : kExplanations) {
    if (theirs.find(part) != std::string_view::npos) return std::string(ours);
  }
  return "this is not YAML: check the indentation, the quotes and the brackets before this place";
}

}  // namespace tongs::manifest::yaml
