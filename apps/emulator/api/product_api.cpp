#include "emulator/api/product_api.hpp"

#include <optional>
#include <utility>
#include <variant>

#include "emulator/platform/bearer.hpp"
#include "emulator/products/operation.hpp"

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

std::optional<OperationMatch> operation_of(const ProductPath& path, const std::string& method) {
  return find_operation(path.product == kJira ? jira_operations() : confluence_operations(), method,
                        path.rest);
}

HttpResponse unauthorized() { return json_answer(401, {{"code", 401}, {"message", "Unauthorized"}}); }

HttpResponse error_of(std::string_view product, int status, std::string_view code, std::string_view message) {
  return product == kJira ? jira_error(status, message) : confluence_error(status, code, message);
}

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
  if (operation.granted_by(caller)) return std::nullopt;
  return Denied{"the token's scopes do not allow this operation",
                json_answer(401, {{"code", 401}, {"message", "Unauthorized; scope does not match"}},
                            {{"x-failure-category", "FAILURE_CLIENT_SCOPE_CHECK"}})};
}

HttpResponse not_served(const ProductPath& path) {
  return error_of(path.product, 501, "NOT_IMPLEMENTED", "The emulator does not serve this operation.");
}

HttpResponse run(World& world, const ProductPath& path, const ApiCall& call, const Caller* caller, Site& site,
                 OperationMatch match, Moment now) {
  ProductCall product_call{.http = call,
                           .site = site,
                           .caller = caller,
                           .base_url = api_base_url(world.origin, path.product, path.cloud_id),
                           .parameters = std::move(match.parameters),
                           .now = now.platform};
  return match.operation->answer(product_call);
}

}  // namespace

bool is_product_path(std::string_view path) noexcept { return split(path).has_value(); }

std::vector<std::string> product_operations(const ApiCall& call) {
  const auto match = operation_of(*split(call.path), call.method);
  return match ? std::vector{std::string(match->operation->id)} : std::vector<std::string>{};
}

HttpResponse answer_product_call(World& world, const ApiCall& call, Moment now, json::object& facts) {
  const ProductPath path = *split(call.path);
  auto match = operation_of(path, call.method);
  Site* site = world.directory.find_cloud(path.cloud_id);
  if (match && !match->operation->needs_token() && site != nullptr) {
    return run(world, path, call, nullptr, *site, *std::move(match), now);
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
  if (!denied && match) denied = check_scopes(caller, *match->operation);
  if (denied) {
    facts["refused"] = denied->reason;
    return std::move(denied->answer);
  }
  if (!match) return not_served(path);
  return run(world, path, call, &caller, *site, *std::move(match), now);
}

}  // namespace tongs::emulator
