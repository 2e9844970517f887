#pragma once
#include <optional>
#include <string>

#include <tongs/jwks.hpp>

#include "cli/terminal.hpp"

namespace tongs::cli {

struct TokenVerifyOptions {
  std::string app_id;                                  ///< ARI or bare UUID
  std::string jwks = std::string(kProductionJwksUrl);  ///< URL or file
  std::string at;                                      ///< RFC 3339 or Unix seconds; empty: now
  std::string token;                                   ///< empty or `-`: standard input
  Format format = Format::human;
};

/// Whether a FIT is genuine, for that app, at that time; if not, why, and what to do. Findings for a token
/// that is refused, failure if nothing could be decided.
int run_token_verify(const TokenVerifyOptions& options, Terminal& terminal);

}  // namespace tongs::cli
