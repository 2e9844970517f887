#pragma once
#include <string>

#include <tongs/json.hpp>

namespace tongs::cli {

/// JSON on several lines, two spaces for each level. With `safe`, nothing in a string can steer a terminal.
std::string pretty(JsonView value, bool safe);

}  // namespace tongs::cli
