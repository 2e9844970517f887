#pragma once
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tongs/fit.hpp>

#include "common/net/transport.hpp"

namespace tongs::gateway {

/// A line of `ingress.routes`: `/PATH -> URL [TIME]` or `module:KEY -> URL [TIME]`.
struct Route {
  std::string path = {};        ///< and what is below it; or empty
  std::string module_key = {};  ///< or empty
  net::Endpoint at = {};        ///< its path stands in front of the request's
  std::optional<std::chrono::milliseconds> patience = {};

  /// Errors: invalid_argument.
  static Result<Route> parse(std::string_view line);
};

/// Which backend gets a request: that of the first route that fits, else the usual one. How long it may take
/// is what Forge itself waits for that kind of invocation (contract 1.2), unless the route says. Thread
/// safety: const.
class Routes {
 public:
  Routes(std::vector<Route> routes, net::Endpoint usual, std::chrono::milliseconds usual_patience)
      : routes_(std::move(routes)), usual_(std::move(usual)), usual_patience_(usual_patience) {}

  struct Choice {
    const net::Endpoint* at;
    std::chrono::milliseconds patience;
    std::size_t number;  ///< of it among the `destinations`
  };
  /// Valid as long as this.
  Choice choose(std::string_view path, const FitClaims& claims) const;
  /// Where requests may go: for each route, and at the end the usual one. Equal ones stand there again.
  std::vector<net::Destination> destinations() const;

 private:
  std::chrono::milliseconds patience_for(const FitClaims& claims) const;

  std::vector<Route> routes_;
  net::Endpoint usual_;
  std::chrono::milliseconds usual_patience_;
};

}  // namespace tongs::gateway
