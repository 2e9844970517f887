#include "emulator/api/platform_api.hpp"

#include <string_view>
#include <utility>

#include "emulator/api/auth_api.hpp"
#include "emulator/api/graphql_api.hpp"
#include "emulator/api/product_api.hpp"
#include "emulator/platform/auth_trigger.hpp"

namespace tongs::emulator {

namespace {

constexpr std::string_view kJwksPath = "/.well-known/jwks.json";
constexpr std::string_view kGraphqlPath = "/graphql";
constexpr std::string_view kTokenPath = "/oauth/token";

/// An API that the path leads to: what faults and the log call the request, and who answers it.
struct Route {
  FaultTarget target;
  std::vector<std::string> operations;
  ApiAnswer (*answer)(World& world, const ApiCall& call, Moment now, json::object& facts);
};

template <HttpResponse (*answer)(World&, const ApiCall&, Moment, json::object&)>
ApiAnswer plain(World& world, const ApiCall& call, Moment now, json::object& facts) {
  return {answer(world, call, now, facts)};
}

HttpResponse answer_jwks(World& world, const ApiCall& call, Moment, json::object&) {
  if (call.method != "GET" && call.method != "HEAD") {
    return problem_answer(405, "method-not-allowed", "the key set is read with GET");
  }
  return {200, {{"content-type", "application/json"}}, world.keys.jwks()};
}

std::optional<Route> route_of(World& world, const ApiCall& call) {
  if (call.path == kJwksPath) return Route{FaultTarget::jwks, {}, plain<answer_jwks>};
  if (call.path == kGraphqlPath)
    return Route{FaultTarget::graphql, graphql_operations(call), plain<answer_graphql_call>};
  if (is_auth_trigger_path(call.path)) return Route{FaultTarget::auth_trigger, {}, answer_auth_trigger};
  if (call.path == kTokenPath) return Route{FaultTarget::oauth, {}, plain<answer_token_call>};
  if (is_product_path(call.path)) {
    return Route{FaultTarget::products, product_operations(world, call), plain<answer_product_call>};
  }
  return std::nullopt;
}

/// What a fault leaves of a good answer.
void spoil(ApiAnswer& answer, const FaultAction& fault) {
  if (fault.malformed) answer.response.body.resize(answer.response.body.size() / 2);
  answer.truncate_after = fault.truncate_after;
  answer.reset = fault.reset;
  answer.delay = fault.delay;
}

HttpResponse answer_instead(const FaultAction& fault) {
  HttpResponse response{fault.status.value_or(500), fault.headers, fault.body.value_or("")};
  if (response.header("content-type").empty() && !response.body.empty()) {
    response.headers.push_back({"content-type", "application/json"});
  }
  return response;
}

}  // namespace

ApiAnswer serve_platform(World& world, const ApiCall& call, Moment now) {
  const auto route = route_of(world, call);
  if (!route) {
    return {
        problem_answer(404, "not-found",
                       "the emulated platform has /.well-known/jwks.json, /graphql, /ex/jira/{cloudId}/…, "
                       "/ex/confluence/{cloudId}/…, /auth-trigger/…, /oauth/token and, for you, "
                       "/_emulator/…")};
  }
  const bool secret_path = route->target == FaultTarget::auth_trigger;
  json::object facts{{"target", to_string(route->target)},
                     {"method", call.method},
                     {"path", secret_path ? kAuthTriggerPath : std::string_view(call.path)}};
  if (!route->operations.empty()) {
    facts["operations"] = json::array(route->operations.begin(), route->operations.end());
  }
  const Fault* fault = world.faults.take(
      {.target = route->target, .method = call.method, .path = call.path, .operations = route->operations});
  ApiAnswer answer;
  if (fault != nullptr && (fault->action.status || fault->action.reset)) {
    answer.response = answer_instead(fault->action);
  } else {
    answer = route->answer(world, call, now, facts);
  }
  if (fault != nullptr) {
    spoil(answer, fault->action);
    facts["fault"] = fault->id;
  }
  facts["status"] = answer.response.status;
  world.note("api", std::move(facts), now);
  return answer;
}

}  // namespace tongs::emulator
