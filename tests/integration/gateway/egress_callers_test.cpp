#include <array>
#include <csignal>
#include <filesystem>
#include <sstream>

#include <boost/asio/ssl/context.hpp>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/base64url.hpp"
#include "gateway/audit/audit_chain.hpp"
#include "integration/gateway/oauth_scene.hpp"
#include "support/certificates.hpp"
#include "support/files.hpp"
#include "support/scratch_folder.hpp"

namespace tongs::gateway::testing {
namespace {

std::string as_app(const Scene& scene) { return "Forge as=app,installationId=" + scene.installation; }

HttpResponse call_with(const Scene& scene, std::vector<Header> headers, const std::string& path = "/jira/x") {
  return scene.get("http://" + scene.gateway->addresses().egress + path, std::move(headers));
}

/// A user's token that says whose it is.
std::string token_of(const std::string& account) {
  const auto end = Clock::system()->wall_now() + std::chrono::hours(2);
  return "e30." +
         base64url_encode(R"({"sub":")" + account + R"(","exp":)" +
                          std::to_string(end.time_since_epoch().count()) + "}") +
         ".x";
}

/// A user opens the app; by which id the backend knows it.
std::string open_panel(const Scene& scene, std::vector<Header> headers = {}) {
  EXPECT_EQ(scene.invoke(scene.signed_fit(), std::move(headers)).status, 200);
  return scene.backend.seen().back().header("x-forge-invocation-id");
}

TEST(GatewayEgressInvocation, selects_the_installation_by_its_id) {
  Scene scene;
  scene.push_system_token("system-1");
  const std::string id = open_panel(scene);
  ASSERT_NE(id, "");
  EXPECT_EQ(scene.egress("/jira/x", "Forge as=app,id=" + id).body, R"({"as":"Bearer system-1"})");
  EXPECT_EQ(scene.egress("/jira/x", "Forge id=" + id).body, R"({"as":"Bearer system-1"})");
  EXPECT_EQ(scene.egress("/jira/x", "Forge as=user,accountId=557058:absent,id=" + id).body,
            R"({"as":"Bearer offline-1"})");
  EXPECT_EQ(scene.egress("/jira/x", "Forge as=app,id=unknown").status, 404);
  EXPECT_EQ(
      scene
          .egress("/jira/x", "Forge as=app,id=" + id + ",installationId=1b3a7799-53ae-4a5b-9e7e-03338980abb5")
          .status,
      400);
  EXPECT_EQ(scene.egress("/jira/x", as_app(scene) + ",id=" + id).status, 200);
}

TEST(GatewayEgressInvocation, acts_as_the_user_who_invoked_while_his_token_lives) {
  Scene scene;
  scene.push_system_token("system-1");
  const std::string token = token_of(scene.fit().account_id);
  const std::string id = open_panel(scene, {{"x-forge-oauth-user", token}});
  EXPECT_EQ(scene.egress("/jira/x", "Forge as=user,id=" + id).body, R"({"as":"Bearer )" + token + "\"}");
  EXPECT_EQ(scene.offline_tokens, 0);
  scene.unauthorized = 1;
  EXPECT_EQ(scene.egress("/jira/x", "Forge as=user,id=" + id).status, 401) << "there is no other one";
  const auto ended = scene.egress("/jira/x", "Forge as=user,id=" + id);
  EXPECT_EQ(ended.status, 503);
  EXPECT_NE(ended.body.find("has ended"), std::string::npos) << ended.body;
}

TEST(GatewayEgressInvocation, believes_no_users_token_that_a_browser_or_a_stranger_could_have_planted) {
  Scene scene;
  scene.push_system_token("system-1");
  const std::string own = token_of(scene.fit().account_id), foreign = token_of("557058:admin");
  for (const std::vector<Header>& headers :
       {std::vector<Header>{{"x-forge-oauth-user", foreign}},
        std::vector<Header>{{"x-forge-oauth-user", "opaque"}},
        std::vector<Header>{{"x-forge-oauth-user", own}, {"sec-fetch-site", "cross-site"}}}) {
    const std::string id = open_panel(scene, headers);
    EXPECT_EQ(scene.egress("/jira/x", "Forge as=user,id=" + id).status, 503);
  }
}

TEST(GatewayEgressInvocation, needs_a_user_to_act_as_one) {
  Scene scene;
  scene.push_system_token("system-1");
  const std::string event = scene.backend.seen().back().header("x-forge-invocation-id");
  EXPECT_EQ(scene.egress("/jira/x", "Forge as=user,id=" + event).status, 400);
  EXPECT_EQ(scene.egress("/jira/x", "Forge as=user,installationId=" + scene.installation).status, 400);
}

TEST(GatewayEgressInvocation, shows_its_verified_claims) {
  Scene scene;
  const std::string id = open_panel(scene, {{"x-forge-invocation-id", "planted"}});
  EXPECT_NE(id, "planted");
  const auto context = scene.egress("/invocation/context", "Forge id=" + id);
  EXPECT_EQ(context.status, 200);
  EXPECT_EQ(context.header("cache-control"), "no-store");
  EXPECT_NE(context.body.find(scene.installation), std::string::npos) << context.body;
  EXPECT_EQ(member(context, "principal"), scene.fit().account_id);
  EXPECT_EQ(scene.egress("/invocation/context", "Forge id=planted").status, 404);
  EXPECT_EQ(scene.egress("/invocation/context", as_app(scene)).status, 400);
  EXPECT_EQ(scene.egress("/invocation/context", "Forge id=" + id, "POST").status, 405);
}

TEST(GatewayEgress, reaches_the_apps_storage_as_the_app_alone) {
  Scene scene;
  scene.push_system_token("system-1");
  EXPECT_EQ(scene.egress("/forge/storage/kvs/v1/get", as_app(scene), "POST", "{}").body,
            R"({"as":"Bearer system-1"})");
  EXPECT_EQ(scene.platform.seen().back().target, "/forge/storage/kvs/v1/get");
  EXPECT_EQ(scene
                .egress("/forge/storage/kvs/v1/get",
                        "Forge as=user,accountId=557058:a,installationId=" + scene.installation, "POST", "{}")
                .status,
            400);
  const auto containers = scene.egress("/forge/llm/model", as_app(scene), "POST", "{}");
  EXPECT_EQ(containers.status, 501);
  EXPECT_NE(containers.body.find("Forge Containers alone"), std::string::npos);
}

TEST(GatewayEgressBearer, goes_to_the_hosts_of_the_installation_that_was_given_the_token) {
  OAuthScene scene;
  scene.push_system_token("system-1");
  const Client client = scene.make_client();
  const std::string app = member(scene.token(client.with(OAuthScene::client_credentials())), "access_token");
  const std::string user = member(scene.token(client.with(OAuthScene::exchange())), "access_token");
  EXPECT_EQ(call_with(scene, {{"authorization", "Bearer " + app}}).body, R"({"as":"Bearer system-1"})");
  EXPECT_EQ(scene.platform.seen().back().target, "/ex/jira/" + scene.fit().cloud_id + "/x");
  EXPECT_EQ(call_with(scene, {{"authorization", "bearer  " + user}}).body, R"({"as":"Bearer offline-1"})");
  EXPECT_EQ(call_with(scene, {{"authorization", "Bearer " + user}}, "/forge/storage/kvs/v1/get").status, 400);
  scene.unauthorized = 1;
  EXPECT_EQ(call_with(scene, {{"authorization", "Bearer " + user}}).status, 401) << "he chose it himself";
}

TEST(GatewayEgressBearer, is_refused_where_nobody_was_given_it) {
  OAuthScene scene;
  scene.push_system_token("system-1");
  const auto before = scene.platform.count();
  for (const std::string token : {"system-1", "", "guess"}) {
    const auto refused = call_with(scene, {{"authorization", "Bearer " + token}});
    EXPECT_EQ(refused.status, token.empty() ? 400 : 401) << token;
    EXPECT_EQ(refused.header("www-authenticate"), token.empty() ? "" : "Bearer error=\"invalid_token\"");
  }
  EXPECT_EQ(call_with(scene, {{"authorization", "Basic Zm9vOmJhcg=="}}).status, 400);
  EXPECT_EQ(scene.platform.count(), before);

  const Client client = scene.make_client();
  const std::string app = member(scene.token(client.with(OAuthScene::client_credentials())), "access_token");
  EXPECT_EQ(call_with(scene, {{"authorization", "Bearer " + app}}).status, 200);
  EXPECT_EQ(scene.post("/oauth2/revoke", client.with({{"token", app}})).status, 200);
  EXPECT_EQ(call_with(scene, {{"authorization", "Bearer " + app}}).status, 401) << "given back";
}

struct Callers {
  std::string user, app;  ///< tokens of the OAuth listener
  std::string invocation;
  std::string path;  ///< of the installation on the admin listener
};

/// Everybody who can call for one installation.
Callers callers_of(OAuthScene& scene) {
  scene.push_system_token("system-1");
  const Client client = scene.make_client();
  return {.user = member(scene.token(client.with(OAuthScene::exchange())), "access_token"),
          .app = member(scene.token(client.with(OAuthScene::client_credentials())), "access_token"),
          .invocation = open_panel(scene, {{"x-forge-oauth-user", token_of(scene.fit().account_id)}}),
          .path = "/v1/installations/" + scene.installation};
}

TEST(GatewayEgressBearer, ends_with_the_consent) {
  OAuthScene scene;
  const auto [user, app, id, path] = callers_of(scene);
  ASSERT_EQ(scene.admin("POST", path + "/users/557058:absent/revoke").status / 100, 2);
  EXPECT_EQ(call_with(scene, {{"authorization", "Bearer " + user}}).status, 401);
  EXPECT_EQ(call_with(scene, {{"authorization", "Bearer " + app}}).status, 200);
  ASSERT_EQ(scene.admin("POST", path + "/revoke").status / 100, 2);
  const auto before = scene.platform.count();
  EXPECT_EQ(call_with(scene, {{"authorization", "Bearer " + app}}).status, 401);
  EXPECT_EQ(scene.egress("/jira/x", "Forge as=user,id=" + id).status, 403);
  EXPECT_EQ(scene.egress("/invocation/context", "Forge id=" + id).status, 403);
  EXPECT_EQ(scene.platform.count(), before);
}

TEST(GatewayEgressInvocation, is_good_for_its_user_no_more_once_his_consent_is_taken_back) {
  OAuthScene scene;
  const std::string id = callers_of(scene).invocation, user = scene.fit().account_id;
  const std::string path = "/v1/installations/" + scene.installation + "/users/" + user;
  ASSERT_EQ(scene.egress("/jira/x", "Forge as=user,id=" + id).status, 200);
  ASSERT_EQ(scene.admin("POST", path + "/revoke").status, 200);
  EXPECT_EQ(scene.egress("/jira/x", "Forge as=user,id=" + id).status, 403);
  EXPECT_EQ(scene.egress("/jira/x", "Forge as=app,id=" + id).status, 200) << "the app itself goes on";
  const std::string later = open_panel(scene, {{"x-forge-oauth-user", token_of(user)}});
  EXPECT_EQ(scene.egress("/jira/x", "Forge as=user,id=" + later).status, 403);
  ASSERT_EQ(scene.admin("POST", path + "/authorize").status, 200);
  for (const std::string& before : {id, later}) {
    EXPECT_EQ(scene.egress("/jira/x", "Forge as=user,id=" + before).status, 503) << "its token was not kept";
  }
  const std::string anew = open_panel(scene, {{"x-forge-oauth-user", token_of(user)}});
  EXPECT_EQ(scene.egress("/jira/x", "Forge as=user,id=" + anew).status, 200);
}

/// `account reason` of every refusal on record.
std::vector<std::string> refusals_on_record(Scene& scene) {
  scene.gateway.reset();
  std::istringstream lines(test::content_of(scene.file("tongs.audit")));
  std::vector<std::string> found;
  for (std::string line; std::getline(lines, line);) {
    const auto read = read_audit_line(line);
    if (!read || read->outcome != "refused") continue;
    EXPECT_EQ(read->installation, scene.installation) << line;
    EXPECT_EQ(read->actor, "egress") << line;
    found.push_back(read->account + " " + read->reason);
  }
  return found;
}

TEST(GatewayEgressAudit, has_every_refusal_for_want_of_consent_however_the_caller_says_who_he_is) {
  OAuthScene scene;
  const auto [user, app, id, path] = callers_of(scene);
  ASSERT_EQ(scene.admin("POST", path + "/users/557058:absent/revoke").status / 100, 2);
  EXPECT_EQ(call_with(scene, {{"authorization", "Bearer " + user}}).status, 401);
  EXPECT_EQ(scene.egress("/jira/x", "Forge as=user,accountId=557058:absent,id=" + id).status, 403);
  ASSERT_EQ(scene.admin("POST", path + "/revoke").status / 100, 2);
  EXPECT_EQ(call_with(scene, {{"authorization", "Bearer " + app}}).status, 401);
  EXPECT_EQ(scene.egress("/jira/x", "Forge as=app,id=" + id).status, 403);
  EXPECT_EQ(scene.egress("/jira/x", "Forge as=user,id=" + id).status, 403);
  EXPECT_EQ(scene.egress("/invocation/context", "Forge id=" + id).status, 403);
  EXPECT_EQ(call_with(scene, {{"authorization", "Bearer guess"}}).status, 401) << "of nobody";
  EXPECT_EQ(scene.egress("/jira/x", "Forge as=app,id=unknown").status, 404) << "of nobody";
  EXPECT_EQ(refusals_on_record(scene),
            (std::vector<std::string>{"557058:absent taken_back", "557058:absent forbidden", " taken_back",
                                      " forbidden", scene.fit().account_id + " forbidden", " forbidden"}));
}

TEST(GatewayEgressDoor, wants_its_secret) {
  const test::ScratchFolder folder;
  const std::string file = folder.path() / "egress.secret";
  Scene scene("", {}, {{"TONGS_EGRESS_SECRET_FILE", file}});
  scene.push_system_token("system-1");
  std::string secret = test::content_of(file);
  while (secret.ends_with('\n')) secret.pop_back();
  ASSERT_GE(secret.size(), 16U);
  const Header who{"forge-proxy-authorization", as_app(scene)};
  EXPECT_EQ(call_with(scene, {who}).status, 403);
  EXPECT_EQ(call_with(scene, {who, {"tongs-egress-secret", secret + "x"}}).status, 403);
  EXPECT_EQ(call_with(scene, {{"tongs-egress-secret", "x"}}, "/v1/installations").status, 403);
  const auto before = scene.platform.count();
  EXPECT_EQ(call_with(scene, {who, {"tongs-egress-secret", secret}}).status, 200);
  EXPECT_EQ(scene.platform.count(), before + 1);
  EXPECT_EQ(scene.platform.seen().back().header("tongs-egress-secret"), "") << "it stays here";
}

TEST(GatewayEgressDoor, refuses_web_pages_and_foreign_hosts) {
  Scene scene;
  scene.push_system_token("system-1");
  const Header who{"forge-proxy-authorization", as_app(scene)};
  EXPECT_EQ(call_with(scene, {who, {"origin", "https://evil.example"}}).status, 403);
  net::testing::RawPeer rebound(scene.egress_port());
  rebound.say("GET /jira/x HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n" + who.name + ": " +
              who.value + "\r\n\r\n");
  EXPECT_TRUE(rebound.hear_all().starts_with("HTTP/1.1 403")) << "DNS rebinding";
  EXPECT_EQ(call_with(scene, {who, {"sec-fetch-site", "same-origin"}}).status, 403);
  EXPECT_EQ(call_with(scene, {{"origin", "null"}}, "/v1/installations").status, 403);
}

int status_over(const net::Destination& to, net::TlsContext tls, const std::string& authorization) {
  net::Reactor reactor;
  net::Client client(reactor, {}, {.tls = std::move(tls), .proxies = {}});
  const std::string lines = "Host: localhost\r\nForge-Proxy-Authorization: " + authorization + "\r\n";
  const net::RequestText text{
      .method = "GET", .target = "/jira/x", .header_lines = lines, .length = 0, .replayable = false};
  auto fetch = [&]() -> net::Task<int> {
    auto call = co_await client.send(to, text, "", net::Steady::now() + std::chrono::seconds(20));
    if (!call) co_return 0;
    co_return call->head().status;
  };
  return net::testing::run(reactor, fetch());
}

TEST(GatewayEgressDoor, opens_to_its_own_user_through_a_unix_socket) {
  const test::ScratchFolder folder;
  const std::string path = folder.path() / "egress.sock";
  Scene scene("", {}, {{"TONGS_EGRESS_LISTEN", "unix:" + path}});
  scene.push_system_token("system-1");
  const net::Destination to{.tls = false, .host = {}, .port = 0, .unix_path = path};
  EXPECT_EQ(status_over(to, nullptr, as_app(scene)), 200);
}

/// What a process of another user hears. Precondition: we are root.
std::string ask_as(uid_t user, const std::string& path, const std::string& request) {
  std::array<int, 2> pipe{};
  EXPECT_EQ(::pipe(pipe.data()), 0);
  const pid_t child = ::fork();
  if (child == 0) {  // nothing but system calls from here on
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    std::array<char, 4096> heard{};
    const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
    if (::setuid(user) != 0 ||
        ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::write(socket, request.data(), request.size()) < 0) {
      ::_exit(1);
    }
    const ssize_t got = ::read(socket, heard.data(), heard.size());
    const ssize_t told = got > 0 ? ::write(pipe[1], heard.data(), static_cast<std::size_t>(got)) : 0;
    ::_exit(told == got ? 0 : 1);
  }
  ::close(pipe[1]);
  std::array<char, 4096> heard{};
  const ssize_t got = ::read(pipe[0], heard.data(), heard.size());
  ::close(pipe[0]);
  ::waitpid(child, nullptr, 0);
  return got > 0 ? std::string(heard.data(), static_cast<std::size_t>(got)) : "";
}

TEST(GatewayEgressDoor, looks_at_the_user_behind_a_unix_socket) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs to become other users";
  const test::ScratchFolder folder;
  std::filesystem::permissions(folder.path(), std::filesystem::perms::all);
  const std::string path = folder.path() / "egress.sock";
  Scene scene("", {}, {{"TONGS_EGRESS_LISTEN", "unix:" + path}, {"TONGS_EGRESS_ALLOW_USERS", "4711"}});
  scene.push_system_token("system-1");
  const std::string request =
      "GET /jira/x HTTP/1.1\r\nHost: localhost\r\nForge-Proxy-Authorization: " + as_app(scene) + "\r\n\r\n";
  const std::string allowed = ask_as(4711, path, request), stranger = ask_as(4712, path, request);
  EXPECT_TRUE(allowed.starts_with("HTTP/1.1 200")) << allowed;
  EXPECT_TRUE(stranger.starts_with("HTTP/1.1 403")) << stranger;
  EXPECT_NE(stranger.find("user-not-allowed"), std::string::npos) << stranger;
}

TEST(GatewayEgressDoor, opens_by_tls_to_those_who_show_a_certificate) {
  const test::ScratchFolder folder;
  const test::Identity server({.common_name = "server"});
  const test::Identity authority({.common_name = "authority", .authority = true});
  const test::Identity client({.common_name = "client", .issuer = &authority});
  const test::Identity stranger({.common_name = "client"});
  folder.write("clients.pem", authority.certificate_pem());
  Scene scene("", {},
              {{"TONGS_EGRESS_TLS_CERTIFICATE", folder.write("server.pem", server.certificate_pem())},
               {"TONGS_EGRESS_TLS_KEY", folder.write("server.key", server.key_pem())},
               {"TONGS_EGRESS_TLS_CLIENT_CA", folder.path() / "clients.pem"}});
  EXPECT_TRUE(scene.gateway->addresses().egress_tls);
  scene.push_system_token("system-1");
  const net::Destination to{.tls = true, .host = "127.0.0.1", .port = scene.egress_port(), .unix_path = {}};
  const auto shows = [&](const test::Identity* identity) {
    auto tls = net::verifying_tls(folder.path() / "server.pem").value();
    if (identity) {
      tls->use_certificate_file(folder.write("c.pem", identity->certificate_pem()),
                                boost::asio::ssl::context::pem);
      tls->use_private_key_file(folder.write("c.key", identity->key_pem()), boost::asio::ssl::context::pem);
    }
    return tls;
  };
  EXPECT_EQ(status_over(to, shows(&client), as_app(scene)), 200);
  EXPECT_EQ(status_over(to, shows(nullptr), as_app(scene)), 0);
  EXPECT_EQ(status_over(to, shows(&stranger), as_app(scene)), 0) << "nobody vouches for him";
  net::Destination plain = to;
  plain.tls = false;
  EXPECT_EQ(status_over(plain, nullptr, as_app(scene)), 400);

  const test::Identity renewed({.common_name = "renewed"});
  folder.write("server.pem", renewed.certificate_pem());
  EXPECT_FALSE(scene.gateway->reload(scene.config(""))) << "its key is not there yet";
  EXPECT_EQ(status_over(to, shows(&client), as_app(scene)), 0) << "the old certificate is still shown";
  folder.write("server.key", renewed.key_pem());
  folder.write("clients.pem", stranger.certificate_pem());
  ASSERT_TRUE(scene.gateway->reload(scene.config("")));
  EXPECT_EQ(status_over(to, shows(&stranger), as_app(scene)), 200);
  EXPECT_EQ(status_over(to, shows(&client), as_app(scene)), 0) << "nobody vouches for him any more";
}

}  // namespace
}  // namespace tongs::gateway::testing
