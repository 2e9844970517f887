#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tongs/operation.hpp>

namespace tongs::scopes {

/// An API and what it is called where calls are listed: by `tongs api`, in C++, and in `#include <tongs/…>`.
struct Api {
  std::string_view name;    ///< `jira`, `confluence-v1`
  std::string_view folder;  ///< `jira/v3`
  const OperationTable* operations;
};

/// What calls were found, each operation once.
struct Calls {
  std::vector<Operation> operations;
  std::vector<std::string> unknown;  ///< lines that name no operation
};

/// Reads a list, a call on each line: `jira get-issue` or `GET /rest/api/3/issue/PROJ-1`, with or without a
/// query. `#` begins a comment.
void read_call_list(std::string_view text, std::span<const Api> apis, Calls& calls);

struct Source {
  std::string name;  ///< path, by which others include it
  std::string text;
};

/// Finds the calls of generated functions in C++ files: of the APIs whose headers a file includes, itself or
/// by other files of these, every name of a function with `(` behind it. It does not parse: a function of
/// that name elsewhere is taken for a call, too.
void read_sources(std::span<const Source> sources, std::span<const Api> apis, Calls& calls);

}  // namespace tongs::scopes
