#include "emulator/api/auth_api.hpp"

#include <chrono>
#include <utility>

#include "base/base64url.hpp"
#include "common/net/basic.hpp"
#include "emulator/platform/auth_trigger.hpp"
#include "emulator/platform/directory.hpp"
#include "emulator/platform/scope_rules.hpp"
#include "http/url.hpp"

namespace tongs::emulator {

namespace {

HttpResponse nothing(int status) { return {status, {}, {}}; }

HttpResponse after_push(const Delivery& delivery) {
  return delivery.state == DeliveryState::delivered
             ? nothing(204)
             : problem_answer(502, "push-failed", "the app's auth endpoint did not take the token");
}

HttpResponse oauth_error(int status, std::string_view error) {
  return json_answer(status, {{"error", error}}, {{"cache-control", "no-store"}});
}

bool is_client(const World& world, const ApiCall& call) {
  const Secret expected = net::basic_credentials(detail::percent_encode(world.app.id.str()),
                                                 detail::percent_encode(oauth_client_secret(world)));
  return Secret(call.header("authorization")) == expected;
}

std::string parameter(const detail::QueryPairs& form, std::string_view name) {
  for (const auto& [key, value] : form) {
    if (key == name) return value;
  }
  return {};
}

}  // namespace

bool is_auth_trigger_path(std::string_view path) noexcept { return path.starts_with(kAuthTriggerPath); }

ApiAnswer answer_auth_trigger(World& world, const ApiCall& call, Moment now, json::object& facts) {
  if (call.method != "GET")
    return {problem_answer(405, "method-not-allowed", "a trigger is called with GET")};
  const auto* installation = find_auth_trigger(world, call.path.substr(kAuthTriggerPath.size()));
  if (installation == nullptr) {
    return {problem_answer(404, "not-found", "this trigger is used up, or there never was one")};
  }
  facts["installationId"] = installation->id.str();
  auto pushed = push_token(world, *installation, now);
  if (const auto* problem = std::get_if<Problem>(&pushed)) {
    return {problem_answer(502, "push-failed", problem->message)};
  }
  ApiAnswer answer{nothing(202)};
  answer.delivery = std::get<DeliveryId>(pushed);
  if (!world.behaviour.auth_trigger_at_once) answer.then = after_push;
  return answer;
}

std::string oauth_client_secret(const World& world) {
  return base64url_encode(uuid_of("oauth client " + std::string(world.mint.key().reveal())));
}

HttpResponse answer_token_call(World& world, const ApiCall& call, Moment now, json::object& facts) {
  if (call.method != "POST")
    return problem_answer(405, "method-not-allowed", "tokens are asked for with POST");
  const auto form = detail::parse_query(call.body);
  if (!form) return oauth_error(400, "invalid_request");
  if (!is_client(world, call)) return oauth_error(401, "invalid_client");
  if (parameter(*form, "grant_type") != "client_credentials")
    return oauth_error(400, "unsupported_grant_type");
  const Installation* installation = world.directory.find(parameter(*form, "audience"));
  if (installation == nullptr || !installation->active()) return oauth_error(400, "invalid_request");
  if (system_token_withheld(world.app_run_by(*installation))) return oauth_error(400, "unauthorized_client");
  facts["installationId"] = installation->id.str();
  const MintedToken minted =
      world.mint.mint({.kind = TokenKind::system,
                       .installation = installation->id.str(),
                       .cloud_id = installation->cloud_id,
                       .account = app_account(world.app),
                       .scopes = world.app_run_by(*installation).scope_names()},
                      TokenFreshness::guaranteed, world.behaviour, *world.random, now.platform);
  const auto life = std::chrono::floor<std::chrono::seconds>(minted.grant.expires_at - now.platform);
  return json_answer(
      200, {{"access_token", minted.token.reveal()}, {"token_type", "Bearer"}, {"expires_in", life.count()}},
      {{"cache-control", "no-store"}});
}

}  // namespace tongs::emulator
