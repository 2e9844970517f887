#pragma once
#include <string>
#include <string_view>

namespace tongs::manifest::yaml {

/// What is wrong and how to mend it, for a syntax error that libfyaml words as `theirs`.
std::string explain_syntax(std::string_view theirs);

}  // namespace tongs::manifest::yaml
