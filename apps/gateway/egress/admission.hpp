#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include <sys/types.h>

#include <tongs/secret.hpp>

#include "common/local_guard.hpp"
#include "common/net/server.hpp"

namespace tongs::gateway {

/// Who may call the egress: no web page; through a Unix socket root, the gateway's own user and those that
/// the configuration names; and if there is a secret, whoever says it. Thread safety: const.
class Admission {
 public:
  /// `users`: further ones; `secret` empty: there is none.
  Admission(net::LocalGuard guard, std::vector<uid_t> users, std::optional<Secret> secret);

  struct Refusal {
    std::string_view reason;  ///< a static word
    net::Response answer;
  };
  std::optional<Refusal> refusal(const net::RequestHead& request, const net::Peer& peer) const;

 private:
  bool may_call(const net::Peer& peer) const noexcept;
  bool says_secret(const net::RequestHead& request) const;

  net::LocalGuard guard_;
  std::vector<uid_t> users_;
  std::optional<Secret> secret_;
};

}  // namespace tongs::gateway
