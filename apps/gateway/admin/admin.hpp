#pragma once
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <tongs/result.hpp>
#include <tongs/secret.hpp>

#include "common/local_guard.hpp"
#include "common/metrics.hpp"
#include "common/net/server.hpp"
#include "common/router.hpp"

namespace tongs::gateway {

/// Something that must be well for requests to be served. Called on the admin listener's thread for each
/// question: it must not block. Its Error's messages are shown.
struct ReadyCheck {
  std::string name;
  std::function<Result<void>()> run;
};

/// The admin listener: `/healthz` (200 while the process lives), `/readyz` (200, or 503 while a check fails;
/// JSON of every check) and `/metrics` for everybody whom the guard lets in; all else needs the bearer token.
/// Thread safety: none; routes and checks are added before the first request.
class Admin {
 public:
  /// Preconditions: `token` is not empty, `metrics` outlives it.
  Admin(net::LocalGuard guard, Secret token, const metrics::Registry& metrics);
  Admin(const Admin&) = delete;
  Admin& operator=(const Admin&) = delete;

  void add_check(ReadyCheck check) { checks_.push_back(std::move(check)); }
  /// Where parts of the gateway add what is for administrators alone.
  net::Router& routes() noexcept { return private_routes_; }

  /// Called for each request that a route refused for want of the token. By default nothing happens.
  void on_refused_login(std::function<void()> tell) { refused_login_ = std::move(tell); }

  /// Answers one request. Precondition: the object outlives the task.
  net::Task<> handle(net::Exchange& exchange) const;

 private:
  bool is_public(const net::RequestHead& request) const;
  bool is_authorized(const net::RequestHead& request) const;
  net::Response readiness() const;

  net::LocalGuard guard_;
  Secret token_;
  std::vector<ReadyCheck> checks_;
  std::function<void()> refused_login_ = [] {};
  net::Router public_routes_, private_routes_;
};

}  // namespace tongs::gateway
