#pragma once
#include <optional>
#include <string>
#include <vector>

#include <tongs/json.hpp>
#include <tongs/result.hpp>

#include "cli/terminal.hpp"

namespace tongs::cli {

/// Where the gateway's admin listener is, and the file with its token.
struct AdminPlace {
  std::string url, token_file;
};

/// A call of its private routes: `/v1/` and the segments of the path, which are encoded.
struct AdminCall {
  std::string method;
  std::vector<std::string> path;
  std::string body = {};
};

/// What the gateway answered: a parsed text and its root.
class AdminAnswer {
 public:
  explicit AdminAnswer(std::optional<JsonDocument> document) : document_(std::move(document)) {}
  JsonView operator*() const noexcept { return document_ ? document_->root() : JsonView(); }

 private:
  std::optional<JsonDocument> document_;  ///< empty: an answer without a body
};

/// Errors: invalid_argument (a URL or a token file that cannot be used; without RemoteDetail), and what
/// became of the call.
Result<AdminAnswer> call_admin(const AdminPlace& place, const AdminCall& call);

/// Prints it; the exit status.
int report_admin_failure(const Error& error, Terminal& terminal);

}  // namespace tongs::cli
