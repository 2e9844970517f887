#pragma once
#include <optional>
#include <string>
#include <string_view>

#include <tongs/error.hpp>

#include "common/net/networks.hpp"
#include "common/net/response.hpp"
#include "common/net/server.hpp"

namespace tongs::gateway {

/// Why a request is not let in, and what it is told.
struct Refusal {
  std::string_view reason;  ///< one of few static words, for metrics and logs
  std::string detail;       ///< safe to log
  net::Response answer;
};

/// Is the request about nothing behind the door, but the server itself (RFC 9110 9.3.7)?
bool is_about_server(const net::RequestHead& request) noexcept;

/// 401 says "this FIT is not valid" and nothing else (contract 1.4.1); what could not be decided is 503.
Refusal refusal_of(const Error& verdict);

/// What is wrong with a request before anybody asks for its token. `sources`: who may call; empty: everybody.
std::optional<Refusal> objection_to(const net::RequestHead& request, std::string_view peer,
                                    const net::Networks& sources);

/// A page that may not call, with the answer to its preflight.
Refusal forbidden_origin(net::Response answer);

/// The word for what the server refused before it was a request.
std::string_view reason_of(const net::Refusal& refusal) noexcept;

}  // namespace tongs::gateway
