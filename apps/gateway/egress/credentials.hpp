#pragma once
#include "gateway/broker/broker.hpp"
#include "gateway/egress/caller.hpp"

namespace tongs::gateway {

/// Gets the tokens with which callers' wishes are carried out. Thread safety: none.
class Credentials {
 public:
  Credentials(Broker& broker, Invocations& invocations) : broker_(broker), invocations_(invocations) {}

  /// If it is at hand: costs a lookup. Nothing: it has to be fetched.
  std::optional<Credential> at_hand(const Caller& caller) const;
  /// Errors: as `Broker::system_token` and `Broker::user_token`; rejected (the token of the user who invoked
  /// has ended).
  net::Task<Result<Credential>> get(const Caller& caller, net::Steady::time_point deadline);
  /// After one was refused: another one of the same caller. A bearer chose his token himself: there is none.
  net::Task<Result<Credential>> another(const Caller& caller, net::Steady::time_point deadline);
  /// Atlassian answered 401 to it.
  void reject(const Caller& caller, const Credential& credential);
  /// Atlassian took it.
  void accepted(const Caller& caller) { broker_.accepted(caller.installation->id); }

 private:
  Result<Credential> of_bearer(const Caller& caller) const;
  Result<Credential> of_invocation(const Caller& caller) const;

  Broker& broker_;
  Invocations& invocations_;
};

}  // namespace tongs::gateway
