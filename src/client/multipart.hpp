#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <tongs/request.hpp>
#include <tongs/result.hpp>

namespace tongs::detail {

struct Multipart {
  std::string content_type;
  std::string body;
};

/// A multipart/form-data body (RFC 7578). The boundary is one that no part holds, and the same for the same
/// parts. Errors: invalid_argument (a name or a type with a control character).
Result<Multipart> multipart(const char* name, const std::vector<FilePart>& files,
                            const std::vector<std::pair<const char*, std::optional<std::string>>>& fields);

}  // namespace tongs::detail
