#pragma once
#include <string>
#include <string_view>
#include <vector>

#include <tongs/result.hpp>

#include "common/net/server.hpp"

namespace tongs::gateway::oauth {

/// Where a request comes from, in the words of an allow list: an IP address, or `user:1000` for a program of
/// that user which came through a Unix socket.
std::string origin_of(const net::Peer& peer);

/// An allow list names networks (`192.0.2.0/24`, `2001:db8::1`) and users of this machine (`user:1000`).
/// Errors: invalid_argument (an entry is neither).
Result<void> check_origins(const std::vector<std::string>& allowed);

/// May a request come from there? An empty list lets everybody in, a wrong entry nobody.
bool is_allowed(const std::vector<std::string>& allowed, std::string_view origin);

}  // namespace tongs::gateway::oauth
