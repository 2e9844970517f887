#include "emulator/admin/auth_admin.hpp"

#include "emulator/api/auth_api.hpp"
#include "emulator/platform/auth_trigger.hpp"

namespace tongs::emulator {

namespace {

json::object view(const AuthEndpoint& endpoint) {
  return {{"remote", endpoint.remote}, {"path", endpoint.path}};
}

}  // namespace

AdminStep get_auth_endpoint(AdminCall& call) { return json_answer(200, view(call.world.auth_endpoint)); }

AdminStep put_auth_endpoint(AdminCall& call) {
  Problem problem;
  Members members(call.body, "", problem);
  const AuthEndpoint wanted{.remote = members.required_text("remote"),
                            .path = members.text("path").value_or("")};
  members.finish();
  World& world = call.world;
  if (!problem && !wanted.remote.empty() && world.app.find_remote(wanted.remote) == nullptr) {
    problem.set("must be the key of a remote of the manifest: GET /_emulator/remotes lists them", "/remote");
  }
  if (!problem && !wanted.path.starts_with('/') && !wanted.remote.empty()) {
    problem.set("must be a path such as /forge/auth", "/path");
  }
  if (problem) return problem_answer(400, problem);
  world.auth_endpoint = wanted;
  return json_answer(200, view(wanted));
}

AdminStep get_oauth_client(AdminCall& call) {
  const World& world = call.world;
  return json_answer(200, {{"clientId", world.app.id.str()},
                           {"clientSecret", oauth_client_secret(world)},
                           {"tokenUrl", world.origin + "/oauth/token"}});
}

}  // namespace tongs::emulator
