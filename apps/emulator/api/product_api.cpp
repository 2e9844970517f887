#include "emulator/api/product_api.hpp"

#include <optional>
#include <utility>
#include <variant>

#include "emulator/catalog/check_request.hpp"
#include "emulator/platform/bearer.hpp"
#include "emulator/products/refusal.hpp"
#include "emulator/products/stateful.hpp"
#include "emulator/products/synthetic.hpp"

namespace tongs::emulator {

namespace {

struct ProductPath {
  std::string_view product, cloud_id, rest;
};

std::optional<ProductPath> split(std::string_view path) noexcept {
  constexpr std::string_view prefix = "/ex/";
  if (!path.starts_with(prefix)) return std::nullopt;
  path.remove_prefix(prefix.size());
  const auto product_end = path.find('/');
  if (product_end == std::string_view::npos) return std::nullopt;
  ProductPath parts{path.substr(0, product_end), path.substr(product_end + 1), "/"};
  const auto cloud_end = parts.cloud_id.find('/');
  if (cloud_end != std::string_view::npos) {
    parts.rest = parts.cloud_id.substr(cloud_end);
    parts.cloud_id = parts.cloud_id.substr(0, cloud_end);
  }
  if (!is_product(parts.product) || parts.cloud_id.empty()) return std::nullopt;
  return parts;
}

Lookup operation_of(Catalog& catalog, const ProductPath& path, const std::string& method) {
  return catalog.find(path.product == kJira ? Product::jira : Product::confluence, method, path.rest);
}

HttpResponse unauthorized() { return json_answer(401, {{"code", 401}, {"message", "Unauthorized"}}); }

/// Why this caller may not use this product of this site now, in words for the log, and what he is told.
struct Denied {
  std::string_view reason;
  HttpResponse answer;
};

std::optional<Denied> check_tenant(const Caller& caller, const ProductPath& path) {
  if (caller.grant.cloud_id != path.cloud_id) return Denied{"the token is of another site", unauthorized()};
  if (!caller.installation->has_product(path.product)) {
    return Denied{"the app is not installed in this product", unauthorized()};
  }
  return std::nullopt;
}

std::optional<Denied> check_user(const Caller& caller, const ProductPath& path, PlatformTime now) {
  switch (caller.user->kind) {
    case UserKind::active:
      return std::nullopt;
    case UserKind::app:
      if (now >= caller.installation->ready_at) return std::nullopt;
      return Denied{"right after installation the app's user is not ready", unauthorized()};
    case UserKind::inactive:
      return Denied{"the user is not active", unauthorized()};
    case UserKind::service:
      return Denied{"products refuse tokens of service accounts", unauthorized()};
    case UserKind::customer:
      if (path.product == kJira) return std::nullopt;
      [[fallthrough]];
    case UserKind::unlicensed:
      return Denied{"the user has no licence for this product",
                    path.product == kJira
                        ? jira_error(403, "You do not have permission to use Jira.")
                        : json_answer(403, {{"statusCode", 403},
                                            {"message", "Current user not permitted to use Confluence"}})};
  }
  return std::nullopt;
}

std::optional<Denied> check_scopes(const Caller& caller, const Operation& operation) {
  if (is_granted(operation, [&](std::string_view scope) { return caller.has_scope(scope); }))
    return std::nullopt;
  return Denied{"the token's scopes do not allow this operation",
                json_answer(401, {{"code", 401}, {"message", "Unauthorized; scope does not match"}},
                            {{"x-failure-category", "FAILURE_CLIENT_SCOPE_CHECK"}})};
}

/// The catalogs do not tell who may call without a token; this one is asked before there is any.
bool needs_token(const Operation& operation) noexcept { return operation.id != "getServerInfo"; }

HttpResponse not_found(const ProductPath& path) {
  constexpr std::string_view message = "There is no such resource in this API.";
  if (path.product == kJira) {
    return refusal(
        path.rest.starts_with("/rest/servicedeskapi/") ? ApiName::jira_service_management : ApiName::jira_v3,
        404, message);
  }
  return refusal(path.rest.starts_with("/wiki/api/v2/") ? ApiName::confluence_v2 : ApiName::confluence_v1,
                 404, message);
}

HttpResponse other_method(const OtherMethods& others) {
  HttpResponse response = refusal(others.api->name, 405, "This resource has other methods than this one.");
  response.headers.push_back({"allow", others.allowed});
  return response;
}

HttpResponse run(World& world, const ProductPath& path, const ApiCall& call, const Caller* caller, Site& site,
                 const FoundOperation& found, Moment now) {
  const auto unfit = check_request(*found.api, found.operation, call, path.rest);
  if (!unfit.empty()) return unfit_refusal(found.api->name, unfit);
  const std::string base_url = api_base_url(world.origin, path.product, path.cloud_id);
  const AnswerCall answer = find_stateful(found.api->name, found.operation.name);
  if (answer == nullptr) return synthetic_answer(*found.api, found.operation, call, base_url);
  ProductCall product_call{.http = call,
                           .site = site,
                           .caller = caller,
                           .base_url = base_url,
                           .parameters = *match_path(found.operation.path, path.rest),
                           .now = now.platform,
                           .api = found.api->name};
  return answer(product_call);
}

}  // namespace

bool is_product_path(std::string_view path) noexcept { return split(path).has_value(); }

std::vector<std::string> product_operations(World& world, const ApiCall& call) {
  const Lookup lookup = operation_of(world.catalog, *split(call.path), call.method);
  const auto* found = std::get_if<FoundOperation>(&lookup);
  return found == nullptr ? std::vector<std::string>{} : std::vector{std::string(found->operation.id)};
}

HttpResponse answer_product_call(World& world, const ApiCall& call, Moment now, json::object& facts) {
  const ProductPath path = *split(call.path);
  const Lookup lookup = operation_of(world.catalog, path, call.method);
  const auto* found = std::get_if<FoundOperation>(&lookup);
  Site* site = world.directory.find_cloud(path.cloud_id);
  if (found != nullptr && !needs_token(found->operation) && site != nullptr) {
    return run(world, path, call, nullptr, *site, *found, now);
  }
  const auto authenticated =
      authenticate(call.header("authorization"), world.mint, world.directory, now.platform);
  if (const auto* refusal = std::get_if<BearerRefusal>(&authenticated)) {
    facts["refused"] = refusal->reason;
    return unauthorized();
  }
  const auto& caller = std::get<Caller>(authenticated);
  facts["token"] = caller.grant.fingerprint;
  facts["as"] = to_string(caller.grant.kind);
  facts["account"] = caller.grant.account;
  facts["installationId"] = caller.grant.installation;
  auto denied = check_tenant(caller, path);
  if (!denied) denied = check_user(caller, path, now.platform);
  if (!denied && found != nullptr) denied = check_scopes(caller, found->operation);
  if (denied) {
    facts["refused"] = denied->reason;
    return std::move(denied->answer);
  }
  if (const auto* others = std::get_if<OtherMethods>(&lookup)) return other_method(*others);
  if (found == nullptr) return not_found(path);
  return run(world, path, call, &caller, *site, *found, now);
}

}  // namespace tongs::emulator
