#pragma once
#include <optional>
#include <string>
#include <string_view>

#include <tongs/http.hpp>

namespace tongs::detail {

/// The target of the `Link` header with `rel="next"` (RFC 8288 3).
std::optional<std::string> next_of_link_header(const HttpResponse& answer);

/// The query of a link to the next page, if the link is one to the operation whose encoded path is `path`:
/// absolute or not, and perhaps relative to another base than ours, one path ends in the other.
std::optional<std::string> query_of_next_link(std::string_view link, std::string_view path);

}  // namespace tongs::detail
