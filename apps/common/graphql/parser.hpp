#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "common/graphql/ast.hpp"

namespace tongs::graphql {

/// Why a text is no document. The message is ours and repeats nothing of the text.
struct SyntaxError {
  std::string message;
  Location at;
};

/// What a document may cost. One beyond a limit is refused before it does harm.
struct Limits {
  std::size_t max_bytes = 256 * 1024;
  /// Selection sets, values and types inside one another.
  std::size_t max_depth = 64;
  std::size_t max_tokens = 16 * 1024;
};

/// An executable document: operations and fragments (spec 2.2). Type definitions are refused.
/// Thread safety: any.
std::variant<Document, SyntaxError> parse(std::string_view text, const Limits& limits = {});

/// A type reference alone, such as `[ID!]!`, for schemas that are written in C++.
std::variant<Type, SyntaxError> parse_type(std::string_view text);

}  // namespace tongs::graphql
