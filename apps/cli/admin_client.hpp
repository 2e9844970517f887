#pragma once
#include <memory>
#include <string>
#include <string_view>

#include <tongs/http.hpp>
#include <tongs/json.hpp>
#include <tongs/result.hpp>
#include <tongs/secret.hpp>

#include "cli/terminal.hpp"

namespace tongs::cli {

/// Where a running gateway is administered.
struct AdminOptions {
  std::string url = "http://127.0.0.1:7074";
  std::string token_file = "admin.token";
};

/// Talks to the private routes of a gateway. Thread safety: none.
class AdminClient {
 public:
  /// Reads the token; nothing is sent yet. Errors: invalid_argument (a URL that the token must not be sent
  /// to), and those of reading a private file.
  static Result<AdminClient> create(const AdminOptions& options);

  /// `path` with its query, encoded. Errors: those of a Transport, not_found, forbidden (the token is another
  /// gateway's), rejected (the gateway refuses; its words are in the RemoteDetail).
  Result<JsonDocument> get(std::string_view path) const { return send("GET", path, {}); }
  Result<JsonDocument> post(std::string_view path, std::string body = {}) const {
    return send("POST", path, std::move(body));
  }

 private:
  AdminClient(std::string base, Secret token, std::shared_ptr<const Transport> transport);
  Result<JsonDocument> send(std::string_view method, std::string_view path, std::string body) const;

  std::string base_;
  Secret token_;
  std::shared_ptr<const Transport> transport_;
};

/// Says why the gateway did not do it, and gives the exit status that this means.
int report_admin_error(const Error& error, Terminal& terminal);

}  // namespace tongs::cli
