#include "emulator/platform/forge_graphql.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <variant>

#include <boost/json/value_to.hpp>

#include "common/graphql/parser.hpp"
#include "emulator/platform/scope_rules.hpp"

namespace tongs::emulator {

namespace {

using Resolved = std::variant<json::value, graphql::Refusal>;

/// A refusal inside a 200 answer, as the mutation reports what the caller did wrong (contract 4.2.3, 13.5).
json::value refused(std::string message, std::string_view type, int status) {
  const json::object error{{"message", std::move(message)},
                           {"extensions", {{"errorType", type}, {"statusCode", status}}}};
  return {{"success", false}, {"errors", json::array{error}}, {"authToken", nullptr}};
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

/// Is it the context of this installation, in one of the forms that work (contract 4.3)?
bool is_own_context(const Installation& installation, std::string_view context) {
  return std::any_of(
      installation.products.begin(), installation.products.end(), [&](const std::string& product) {
        const std::string workspace = "ari:cloud:" + product + ':' + installation.cloud_id + ":workspace/";
        return context == context_ari(product, installation.cloud_id) ||
               (context.starts_with(workspace) && context.size() > workspace.size());
      });
}

/// Why the app may not act for this user at all, or null.
const char* user_refused(const User* user) noexcept {
  if (user == nullptr) return "There is no such user on this site";
  if (user->kind == UserKind::inactive) return "The user is not active";
  if (user->kind == UserKind::app) return "An app cannot be impersonated";
  return nullptr;
}

Resolved offline_user_auth_token(World& world, const Caller& caller, const json::object& arguments,
                                 Moment now) {
  if (const auto wait = world.offline_calls.take(world.behaviour.offline_rate_limit, now.platform)) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(*wait).count();
    return graphql::Refusal{"The app has used up its calls of offlineUserAuthToken for this minute",
                            {{"errorType", "RATE_LIMITED"}, {"statusCode", 429}, {"retryAfter", seconds}}};
  }
  if (caller.grant.kind != TokenKind::system || !caller.has_scope(kSystemTokenScope)) {
    return refused("Only an app system token may ask for offline user tokens", "FORBIDDEN", 403);
  }
  const auto& input = arguments.at("input").as_object();
  const auto contexts = json::value_to<std::vector<std::string>>(input.at("contextIds"));
  if (contexts.size() != 1 || !is_own_context(*caller.installation, contexts.front())) {
    return refused(
        "Could not load permissions for app user in the provided contextIds of [" + joined(contexts) + ']',
        "INVALID_CONTEXT", 400);
  }
  const std::string account(input.at("userId").as_string());
  if (const char* why = user_refused(caller.site->find_user(account)))
    return refused(why, "INVALID_USER", 403);
  auto scopes = world.app_run_by(*caller.installation).impersonation_scopes();
  if (scopes.empty()) {
    return refused("No scope of the app has allowImpersonation: true", "IMPERSONATION_NOT_ALLOWED", 403);
  }
  MintedToken minted = world.mint.mint_offline({.kind = TokenKind::offline,
                                                .installation = caller.grant.installation,
                                                .cloud_id = caller.grant.cloud_id,
                                                .account = account,
                                                .scopes = std::move(scopes)},
                                               world.behaviour, *world.random, now.platform);
  world.note("mint",
             {{"token", minted.grant.fingerprint},
              {"tokenKind", to_string(TokenKind::offline)},
              {"installationId", minted.grant.installation},
              {"account", account},
              {"expiresAt", iso_time(minted.grant.expires_at)}},
             now);
  const auto life = std::chrono::floor<std::chrono::seconds>(world.behaviour.offline_token_life).count();
  return json::value{{"success", true},
                     {"errors", nullptr},
                     {"authToken", {{"token", minted.token.reveal()}, {"ttl", life}}}};
}

}  // namespace

const graphql::Schema& forge_schema() {
  using graphql::field;
  using graphql::input;
  static const graphql::Schema schema(
      {.query = {}, .mutation = "Mutation"},
      {
          graphql::object_type("Mutation", {field("offlineUserAuthToken", "OfflineUserAuthTokenResponse",
                                                  {input("input", "OfflineUserAuthTokenInput!")})}),
          graphql::input_type("OfflineUserAuthTokenInput",
                              {input("contextIds", "[ID!]!"), input("userId", "String!")}),
          graphql::object_type("OfflineUserAuthTokenResponse",
                               {field("success", "Boolean!"), field("errors", "[MutationError!]"),
                                field("authToken", "AuthToken")}),
          graphql::object_type("MutationError",
                               {field("message", "String"), field("extensions", "MutationErrorExtension")}),
          graphql::object_type("MutationErrorExtension",
                               {field("errorType", "String"), field("statusCode", "Int")}),
          graphql::object_type("AuthToken", {field("token", "String!"), field("ttl", "Int!")}),
      });
  return schema;
}

std::vector<std::string> operations_of(const graphql::Request& request) {
  std::vector<std::string> names;
  if (!request.operation_name.empty()) names.push_back(request.operation_name);
  const auto parsed = graphql::parse(request.query);
  const auto* document = std::get_if<graphql::Document>(&parsed);
  if (document == nullptr) return names;
  for (const auto& operation : document->operations) {
    const bool meant = request.operation_name.empty() || request.operation_name == operation.name;
    if (!meant) continue;
    if (!operation.name.empty() && request.operation_name.empty()) names.push_back(operation.name);
    for (const auto& selection : operation.selections) {
      if (const auto* field = std::get_if<graphql::Field>(&selection.data)) names.push_back(field->name);
    }
  }
  return names;
}

json::object answer_graphql(World& world, const Caller& caller, const graphql::Request& request, Moment now) {
  const graphql::Resolvers resolvers{{"Mutation.offlineUserAuthToken", [&](const json::object& arguments) {
                                        return offline_user_auth_token(world, caller, arguments, now);
                                      }}};
  json::object answer = graphql::execute(forge_schema(), resolvers, request);
  answer["extensions"] = {{"gateway",
                           {{"request_id", random_hex(*world.random, 16)},
                            {"trace_id", random_hex(*world.random, 16)},
                            {"crossRegion", false},
                            {"edgeCrossRegion", false}}}};
  return answer;
}

}  // namespace tongs::emulator
