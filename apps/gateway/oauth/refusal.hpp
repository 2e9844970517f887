#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include <tongs/error.hpp>

#include "common/net/response.hpp"
#include "vault/oauth_client.hpp"

namespace tongs::gateway::oauth {

/// Why a request got no token. Several of them look the same from outside: what tells a stranger nothing
/// still tells an administrator, by metric and log.
enum class Reason : std::uint8_t {
  malformed,  ///< the request breaks the protocol
  no_credentials,
  unknown_client,
  wrong_secret,
  wrong_certificate,  ///< another one than the client's, or one that has ended
  foreign_address,    ///< outside the networks of the client
  bad_assertion,
  replayed_assertion,
  installation_ended,  ///< uninstalled, or an admin took the consent back
  bad_grant,
  grant_not_allowed,  ///< this client may not use it
  unknown_grant,
  unknown_token_type,
  scope,
  target,
  no_token,  ///< none can be had now
  rate_limited,
  internal,
};
inline constexpr std::size_t kReasons = static_cast<std::size_t>(Reason::internal) + 1;
std::string_view to_string(Reason reason) noexcept;

/// An answer that refuses (RFC 6749 5.2).
struct Refusal {
  Reason reason;
  std::string description;  ///< of ours; what is wrong and how to mend it
  std::optional<std::chrono::milliseconds> retry_after = {};
  vault::OAuthClientPtr posed_as = {};  ///< whom somebody said to be without proof; null: nobody we know

  Refusal posing_as(vault::OAuthClientPtr client) && {
    posed_as = std::move(client);
    return std::move(*this);
  }
};

/// The one answer to every client that did not prove itself, whatever the reason was.
Refusal unproved(Reason reason);

/// What a failure to get a token means to the client.
Refusal refusal_of(const Error& failure);

/// As JSON, with the status and header fields of the RFC. A 401 names the scheme that would do, as every 401
/// must (RFC 9110 15.5.2), also where the client did not try it.
net::Response answer(const Refusal& refusal);

/// What was asked for, or why it is refused.
template <class T>
class [[nodiscard]] Outcome {
 public:
  Outcome(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Outcome(Refusal refusal) : state_(std::in_place_index<1>, std::move(refusal)) {}

  explicit operator bool() const noexcept { return state_.index() == 0; }
  T& operator*() noexcept { return *std::get_if<0>(&state_); }
  const T& operator*() const noexcept { return *std::get_if<0>(&state_); }
  T* operator->() noexcept { return std::get_if<0>(&state_); }
  const T* operator->() const noexcept { return std::get_if<0>(&state_); }
  Refusal& refusal() noexcept { return *std::get_if<1>(&state_); }
  const Refusal& refusal() const noexcept { return *std::get_if<1>(&state_); }

 private:
  std::variant<T, Refusal> state_;
};

}  // namespace tongs::gateway::oauth
