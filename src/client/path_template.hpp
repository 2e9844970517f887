#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tongs/adapter.hpp>
#include <tongs/result.hpp>

namespace tongs::detail {

using PathParameters = std::vector<std::pair<std::string, std::string>>;

/// The path of a template with its braces filled in. Every brace has one value, every value a brace, and no
/// value can become an empty, `.` or `..` segment, not even for a server that decodes `%2F` too early.
/// Errors: invalid_argument.
Result<std::string> fill_path(std::string_view path_template, const PathParameters& values);

/// Path and query of a request, encoded. Errors: as `fill_path`.
Result<std::string> encode_target(const ApiRequest& request);

}  // namespace tongs::detail
