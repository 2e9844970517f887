#include "emulator/api/graphql_api.hpp"

#include <utility>
#include <variant>

#include "emulator/platform/bearer.hpp"
#include "emulator/platform/forge_graphql.hpp"

namespace tongs::emulator {

namespace {

HttpResponse bad_request(std::string message) {
  const json::object error{{"message", std::move(message)}};
  return json_answer(400, {{"errors", json::array{error}}});
}

/// The request in a body (GraphQL over HTTP): `query`, `operationName`, `variables`; null counts as absent.
std::variant<graphql::Request, Problem> read_request(const std::string& body) {
  auto parsed = parse_json_object(body);
  if (auto* problem = std::get_if<Problem>(&parsed)) return std::move(*problem);
  const auto& object = std::get<json::object>(parsed);
  graphql::Request request;
  const json::value* query = object.if_contains("query");
  const json::value* name = object.if_contains("operationName");
  const json::value* variables = object.if_contains("variables");
  if (query == nullptr || !query->is_string())
    return Problem{"must be a string with the GraphQL document", "/query"};
  request.query = query->get_string();
  if (name != nullptr && !name->is_null()) {
    if (!name->is_string()) return Problem{"must be a string", "/operationName"};
    request.operation_name = name->get_string();
  }
  if (variables != nullptr && !variables->is_null()) {
    if (!variables->is_object()) return Problem{"must be an object", "/variables"};
    request.variables = variables->get_object();
  }
  return request;
}

/// The seconds to wait, if the answer reports the rate limit: the gateway then says it as HTTP, too.
std::optional<std::int64_t> rate_limited(const json::object& answer) {
  const json::value* errors = answer.if_contains("errors");
  if (errors == nullptr) return std::nullopt;
  for (const auto& error : errors->get_array()) {
    const json::value* extensions = error.get_object().if_contains("extensions");
    const json::value* wait =
        extensions == nullptr ? nullptr : extensions->get_object().if_contains("retryAfter");
    if (wait != nullptr) return wait->to_number<std::int64_t>();
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::string> graphql_operations(const ApiCall& call) {
  const auto request = read_request(call.body);
  const auto* read = std::get_if<graphql::Request>(&request);
  return read == nullptr ? std::vector<std::string>{} : operations_of(*read);
}

HttpResponse answer_graphql_call(World& world, const ApiCall& call, Moment now, json::object& facts) {
  if (call.method != "POST") return json_answer(405, {{"code", 405}, {"message", "Method Not Allowed"}});
  const auto caller = authenticate(call.header("authorization"), world.mint, world.directory, now.platform);
  if (const auto* refusal = std::get_if<BearerRefusal>(&caller)) {
    facts["refused"] = refusal->reason;
    return json_answer(401, {{"code", 401}, {"message", "Unauthorized"}});
  }
  facts["token"] = std::get<Caller>(caller).grant.fingerprint;
  facts["installationId"] = std::get<Caller>(caller).grant.installation;
  auto request = read_request(call.body);
  if (const auto* problem = std::get_if<Problem>(&request)) return bad_request(problem->describe());
  const json::object answer =
      answer_graphql(world, std::get<Caller>(caller), std::get<graphql::Request>(request), now);
  if (const auto wait = rate_limited(answer))
    return json_answer(429, answer, {{"retry-after", std::to_string(*wait)}});
  return json_answer(200, answer);
}

}  // namespace tongs::emulator
