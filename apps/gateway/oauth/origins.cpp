#include "gateway/oauth/origins.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "common/net/networks.hpp"

namespace tongs::gateway::oauth {

namespace {

constexpr std::string_view kUser = "user:";

bool is_user(std::string_view entry) noexcept {
  if (!entry.starts_with(kUser)) return false;
  uid_t id = 0;
  const char* const end = entry.data() + entry.size();
  const auto [rest, failed] = std::from_chars(entry.data() + kUser.size(), end, id);
  const bool canonical = entry.size() == kUser.size() + 1 || entry[kUser.size()] != '0';
  return failed == std::errc() && rest == end && canonical;
}

Result<net::Networks> networks_in(const std::vector<std::string>& allowed) {
  net::Networks networks;
  for (const std::string& entry : allowed) {
    if (is_user(entry)) continue;
    if (entry.starts_with(kUser)) {
      return Error(Errc::invalid_argument,
                   "allowFrom: after user: comes the number of a user, as `id -u` says it");
    }
    if (auto added = networks.add(entry); !added) {
      return Error(Errc::invalid_argument, "allowFrom").with_cause(std::move(added).error());
    }
  }
  return networks;
}

}  // namespace

std::string origin_of(const net::Peer& peer) {
  return peer.user ? std::string(kUser) + std::to_string(*peer.user) : peer.address;
}

Result<void> check_origins(const std::vector<std::string>& allowed) {
  return networks_in(allowed).and_then([](const net::Networks&) { return Result<void>(); });
}

bool is_allowed(const std::vector<std::string>& allowed, std::string_view origin) {
  if (allowed.empty()) return true;
  const auto networks = networks_in(allowed);
  if (!networks) return false;
  return networks->contain(origin) || std::find(allowed.begin(), allowed.end(), origin) != allowed.end();
}

}  // namespace tongs::gateway::oauth
