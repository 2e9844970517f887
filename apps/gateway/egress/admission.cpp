#include "gateway/egress/admission.hpp"

#include <algorithm>
#include <utility>

#include <unistd.h>

#include "gateway/egress/upstream_headers.hpp"
#include "http/ascii.hpp"

namespace tongs::gateway {

Admission::Admission(net::LocalGuard guard, std::vector<uid_t> users, std::optional<Secret> secret)
    : guard_(std::move(guard)), users_(std::move(users)), secret_(std::move(secret)) {
  users_.push_back(0);
  users_.push_back(::geteuid());
}

std::optional<Admission::Refusal> Admission::refusal(const net::RequestHead& request,
                                                     const net::Peer& peer) const {
  if (auto answer = guard_.refusal(request)) return Refusal{"not_local", *std::move(answer)};
  if (!may_call(peer)) {
    return Refusal{"user", net::Response::problem(403, "user-not-allowed",
                                                  "the user of this process may not call: name him in "
                                                  "egress.allow_users")};
  }
  if (!says_secret(request)) {
    return Refusal{"secret", net::Response::problem(403, "secret-required",
                                                    "send the secret of egress.secret_file in one "
                                                    "Tongs-Egress-Secret header")};
  }
  return std::nullopt;
}

bool Admission::may_call(const net::Peer& peer) const noexcept {
  if (!peer.is_unix) return true;
  return peer.user && std::ranges::find(users_, *peer.user) != users_.end();
}

bool Admission::says_secret(const net::RequestHead& request) const {
  if (!secret_) return true;
  if (request.fields.count(kEgressSecret) != 1) return false;
  return Secret(detail::trim(request.fields.find(kEgressSecret).value_or(""))) == *secret_;
}

}  // namespace tongs::gateway
