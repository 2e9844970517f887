#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model.hpp"

namespace apigen {

/// What is generated: text by file name, below the folder for all that is generated.
using Files = std::map<std::string, std::string>;

/// `tongs/FOLDER/models.hpp`: views of answers.
void emit_models(const Api& api, Files& files);
/// `tongs/FOLDER/inputs.hpp` and its source: writers of bodies.
void emit_inputs(const Api& api, Files& files);
/// A header for each tag, one for all, and their sources: requests, functions, pagers.
void emit_calls(const Api& api, Files& files);
/// `tongs/FOLDER/operations.hpp` and its source: the table of operations.
void emit_operations(const Api& api, Files& files);
/// For tests: calls every generated function by its name, with arguments as JSON.
void emit_runner(const Api& api, Files& files);

inline constexpr std::size_t kColumns = 110;

/// `head(a, b, c)tail` as clang-format lays it out, the arguments below each other if they need more than a
/// line.
std::string wrapped(const std::string& head, const std::vector<std::string>& arguments,
                    const std::string& tail);
/// `/// text`, broken at spaces.
std::string comment(std::string_view text, std::string_view start = "///");
/// `"text"` with what C++ wants escaped.
std::string literal(std::string_view text);
/// `a`, `b` and so on, with something between.
std::string joined(const std::vector<std::string>& parts, std::string_view between);
/// `get_issue_` as the command line and the table of operations have it: `get-issue`.
std::string kebab(std::string name);
/// The constants of an enumeration that stays open, as a struct `name`; empty if there are none.
std::string constants(const std::string& name, const std::vector<std::string>& values,
                      std::string_view indent);
/// The values that a type, or the elements of a list, are known to have.
const std::vector<std::string>& known_values(const Type& type);

/// `namespace tongs::jira::v3 {`
std::string open_namespace(const Api& api, std::string_view inner = {});
std::string close_namespace(const Api& api, std::string_view inner = {});

}  // namespace apigen
