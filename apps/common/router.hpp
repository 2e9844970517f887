#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "common/net/server.hpp"

namespace tongs::net {

/// What stood at the `{…}` segments of a pattern, percent-decoded. Untrusted.
class PathParameters {
 public:
  /// Precondition: the pattern has a `{name}` (else std::logic_error is thrown).
  const std::string& at(std::string_view name) const;
  void add(std::string_view name, std::string value) { list_.emplace_back(name, std::move(value)); }

 private:
  std::vector<std::pair<std::string_view, std::string>> list_;
};

/// Answers one request, and says whether the answer got through. The parameters live until it ends. A handler
/// that has its answer at hand is `return exchange.respond(…)`.
using RouteHandler = std::function<Task<Result<void>>(Exchange&, const PathParameters&)>;

/// Finds the handler of a method and a path. For the few routes of an admin or protocol endpoint, not for a
/// hot path. Thread safety: const.
class Router {
 public:
  /// `pattern`: segments, some of which are `{name}` and stand for any one segment that is not empty. The
  /// first pattern that fits wins. A GET route answers HEAD too.
  Router& on(std::string_view method, std::string_view pattern, RouteHandler handler);

  struct Found {
    const RouteHandler* handler;
    PathParameters parameters;
  };
  struct NotFound {};
  struct WrongMethod {
    std::string allowed;  ///< value of an Allow header
  };
  using Match = std::variant<Found, NotFound, WrongMethod>;
  /// `path` is percent-encoded, without a query.
  Match match(std::string_view method, std::string_view path) const;

  /// Runs the handler, or answers 404 or 405. Precondition: the router outlives the task.
  Task<> handle(Exchange& exchange) const;

 private:
  struct Route {
    std::string method, pattern;
    RouteHandler handler;
  };
  std::vector<Route> routes_;
};

}  // namespace tongs::net
