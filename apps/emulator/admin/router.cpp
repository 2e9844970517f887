#include "emulator/admin/router.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "base/nearest.hpp"
#include "emulator/admin/app_admin.hpp"
#include "emulator/admin/auth_admin.hpp"
#include "emulator/admin/clock_admin.hpp"
#include "emulator/admin/fault_admin.hpp"
#include "emulator/admin/installation_admin.hpp"
#include "emulator/admin/invocation_admin.hpp"
#include "emulator/admin/settings_admin.hpp"

namespace tongs::emulator {

namespace {

struct AdminRoute {
  std::string_view method;
  std::string_view path;
  AdminStep (*handle)(AdminCall& call);
  bool takes_json = true;
};

constexpr std::array kRoutes{
    AdminRoute{"GET", "/_emulator/health", get_health},
    AdminRoute{"GET", "/_emulator/installations", list_installations},
    AdminRoute{"POST", "/_emulator/installations", post_installation},
    AdminRoute{"GET", "/_emulator/installations/{id*}", get_installation},
    AdminRoute{"DELETE", "/_emulator/installations/{id*}", delete_installation},
    AdminRoute{"POST", "/_emulator/installations/{id}/upgrade", post_upgrade},
    AdminRoute{"GET", "/_emulator/app", get_app},
    AdminRoute{"POST", "/_emulator/app", post_app, false},
    AdminRoute{"POST", "/_emulator/invoke", post_invoke},
    AdminRoute{"POST", "/_emulator/events", post_event},
    AdminRoute{"GET", "/_emulator/deliveries", list_deliveries},
    AdminRoute{"GET", "/_emulator/clock", get_clock},
    AdminRoute{"PUT", "/_emulator/clock", put_clock},
    AdminRoute{"POST", "/_emulator/clock/advance", post_clock_advance},
    AdminRoute{"GET", "/_emulator/keys", get_keys},
    AdminRoute{"POST", "/_emulator/keys/rotate", post_keys_rotate},
    AdminRoute{"GET", "/_emulator/faults", list_faults},
    AdminRoute{"POST", "/_emulator/faults", post_fault},
    AdminRoute{"DELETE", "/_emulator/faults", delete_faults},
    AdminRoute{"GET", "/_emulator/faults/{id}", get_fault},
    AdminRoute{"DELETE", "/_emulator/faults/{id}", delete_fault},
    AdminRoute{"GET", "/_emulator/log", get_log},
    AdminRoute{"GET", "/_emulator/calls", get_calls},
    AdminRoute{"GET", "/_emulator/remotes", list_remotes},
    AdminRoute{"PUT", "/_emulator/remotes/{key}", put_remote},
    AdminRoute{"DELETE", "/_emulator/remotes/{key}", delete_remote},
    AdminRoute{"GET", "/_emulator/auth-endpoint", get_auth_endpoint},
    AdminRoute{"PUT", "/_emulator/auth-endpoint", put_auth_endpoint},
    AdminRoute{"GET", "/_emulator/oauth-client", get_oauth_client},
    AdminRoute{"GET", "/_emulator/sites", list_sites},
    AdminRoute{"POST", "/_emulator/sites", post_site},
    AdminRoute{"GET", "/_emulator/behaviour", get_behaviour},
    AdminRoute{"PUT", "/_emulator/behaviour", put_behaviour},
};

/// 405 if the path exists for other methods, else 404 with the path that was probably meant.
HttpResponse no_route(const ApiCall& call) {
  std::string allowed;
  std::vector<std::string_view> paths;
  for (const auto& route : kRoutes) {
    paths.push_back(route.path);
    if (match_path(route.path, call.path)) allowed.append(allowed.empty() ? "" : ", ").append(route.method);
  }
  if (!allowed.empty()) {
    HttpResponse answer = problem_answer(405, "method-not-allowed", "this path takes " + allowed);
    answer.headers.push_back({"allow", allowed});
    return answer;
  }
  std::string detail = "the admin API has no such path";
  if (const auto meant = nearest(call.path, paths)) detail += "; did you mean " + std::string(*meant) + '?';
  return problem_answer(404, "not-found", detail);
}

}  // namespace

bool is_admin_path(std::string_view path) noexcept {
  return path == "/_emulator" || path.starts_with("/_emulator/");
}

AdminStep handle_admin(World& world, const ApiCall& call, Moment now) {
  for (const auto& route : kRoutes) {
    auto parameters = route.method == call.method ? match_path(route.path, call.path) : std::nullopt;
    if (!parameters) continue;
    auto body = parse_json_object(route.takes_json ? call.body : std::string());
    if (const auto* problem = std::get_if<Problem>(&body)) return problem_answer(400, *problem);
    AdminCall admin_call{world, call, *std::move(parameters), std::get<json::object>(std::move(body)), now};
    return route.handle(admin_call);
  }
  return no_route(call);
}

}  // namespace tongs::emulator
