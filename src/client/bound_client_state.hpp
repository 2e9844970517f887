#pragma once
#include <functional>
#include <memory>
#include <utility>

#include <tongs/client.hpp>

#include "client/waiter.hpp"

namespace tongs {

/// What the copies of a bound client share.
struct BoundClient::State {
  std::shared_ptr<const Adapter> adapter;
  /// In whose name calls are made, unless `renew` says it for each of them.
  Identity identity = {};
  RetryPolicy retry = {};
  /// Gives the identity for the next attempt, with a live credential; cheap while there is one. Empty:
  /// `identity` is all there is.
  std::function<Result<Identity>(const CallOptions&)> renew = {};
  /// Hears of an identity whose credential was answered with 401. The next `renew` must not give it again.
  std::function<void(const Identity& refused)> refuse = {};
  std::shared_ptr<const detail::Waiter> waiter = detail::Waiter::system();
};

namespace detail {

/// The door for parts of Tongs, and tests, that make a client from more than an adapter and an identity.
struct BoundClientAccess {
  using State = BoundClient::State;
  static BoundClient make(State state) {
    return BoundClient(std::make_shared<const State>(std::move(state)));
  }
  /// What an answer redirected to, without credentials (`Adapter::fetch`). Errors: as `BoundClient::send`.
  static Result<HttpResponse> fetch(const BoundClient& client, const std::string& url,
                                    const CallOptions& call);
};

}  // namespace detail
}  // namespace tongs
