#include <filesystem>
#include <fstream>
#include <thread>

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <unistd.h>

#include "integration/gateway/oauth_scene.hpp"

namespace tongs::gateway::testing {
namespace {

TEST(GatewayOAuth, gives_the_system_token_for_client_credentials) {
  OAuthScene scene;
  scene.push_system_token("system-1");
  const Client client = scene.make_client(R"({"name":"billing"})");
  const auto answer = scene.token(client.with(OAuthScene::client_credentials()));
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(member(answer, "access_token"), "system-1");
  EXPECT_EQ(member(answer, "token_type"), "Bearer");
  const auto document = JsonDocument::parse(answer.body);
  const auto seconds = (*document)["expires_in"].integer().value_or(0);
  EXPECT_GT(seconds, 0);
  EXPECT_LE(seconds, 4 * 3600);
  EXPECT_EQ(scene.offline_tokens, 0) << "the platform was not asked";
}

TEST(GatewayOAuth, gives_an_absent_users_token_for_an_exchange) {
  OAuthScene scene;
  scene.push_system_token("system-1");
  const Client client = scene.make_client();
  const auto answer = scene.token(client.with(OAuthScene::exchange()));
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(member(answer, "access_token"), "offline-1");
  EXPECT_EQ(member(answer, "issued_token_type"), "urn:ietf:params:oauth:token-type:access_token");
  EXPECT_EQ(member(scene.token(client.with(OAuthScene::exchange())), "access_token"), "offline-1");
}

TEST(GatewayOAuth, is_off_when_the_configuration_says_so) {
  OAuthScene scene;
  auto config = scene.config("");
  config.oauth.listen.reset();
  scene.gateway.reset();
  const auto without = Gateway::start(std::move(config)).value();
  EXPECT_EQ(without->addresses().oauth, "");
}

/// What the server at a Unix socket answers, until it closes.
std::string ask_unix(const std::string& path, const std::string& request) {
  namespace asio = boost::asio;
  asio::io_context context;
  asio::local::stream_protocol::socket socket(context);
  socket.connect(asio::local::stream_protocol::endpoint(path));
  asio::write(socket, asio::buffer(request));
  std::string answer;
  boost::system::error_code ended;
  asio::read(socket, asio::dynamic_buffer(answer), ended);
  return answer;
}

TEST(GatewayOAuth, takes_calls_through_a_unix_socket_from_the_users_whom_a_client_names) {
  OAuthScene scene;
  scene.push_system_token("system-1");
  const std::string me = std::to_string(::geteuid()), other = std::to_string(::geteuid() + 1);
  const Client mine = scene.make_client(R"({"allowFrom":["192.0.2.0/24","user:)" + me + R"("]})");
  const Client theirs = scene.make_client(R"({"allowFrom":["0.0.0.0/0","user:)" + other + R"("]})");
  EXPECT_EQ(scene.token(mine.with(OAuthScene::client_credentials())).status, 401) << "this is no Unix socket";
  EXPECT_EQ(scene.token(theirs.with(OAuthScene::client_credentials())).status, 200);
  scene.gateway.reset();
  auto config = scene.config("issuer = \"http://localhost\"\n");
  config.oauth.listen = net::ListenAddress::parse("unix:" + scene.file("oauth.sock")).value();
  const auto gateway = Gateway::start(std::move(config)).value();
  const auto ask = [&](const Client& client) {
    const std::string body = form(client.with(OAuthScene::client_credentials()));
    return ask_unix(scene.file("oauth.sock"),
                    "POST /oauth2/token HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: "
                    "application/x-www-form-urlencoded\r\nContent-Length: " +
                        std::to_string(body.size()) + "\r\n\r\n" + body);
  };
  EXPECT_NE(ask(mine).find(R"("access_token":"system-1")"), std::string::npos) << ask(mine);
  EXPECT_TRUE(ask(theirs).starts_with("HTTP/1.1 401 ")) << ask(theirs);
}

TEST(GatewayOAuth, describes_itself) {
  OAuthScene scene;
  const auto answer = scene.get(scene.url("/.well-known/oauth-authorization-server"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(member(answer, "issuer"), scene.url(""));
  EXPECT_EQ(member(answer, "token_endpoint"), scene.url("/oauth2/token"));
}

TEST(GatewayOAuth, gives_a_revoked_token_to_its_client_no_more) {
  OAuthScene scene;
  scene.push_system_token("system-1");
  const Client client = scene.make_client(), other = scene.make_client();
  ASSERT_EQ(scene.token(client.with(OAuthScene::client_credentials())).status, 200);
  ASSERT_EQ(member(scene.token(client.with(OAuthScene::exchange())), "access_token"), "offline-1");
  for (const std::string token : {"system-1", "offline-1", "unknown"}) {
    EXPECT_EQ(scene.post("/oauth2/revoke", client.with({{"token", token}})).status, 200);
    EXPECT_EQ(scene.post("/oauth2/introspect", client.with({{"token", token}})).body, "{\"active\":false}\n");
  }
  const auto refused = scene.token(client.with(OAuthScene::client_credentials()));
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(member(refused, "error"), "temporarily_unavailable");
  EXPECT_EQ(scene.token(other.with(OAuthScene::client_credentials())).status, 200);
  EXPECT_EQ(member(scene.token(client.with(OAuthScene::exchange())), "access_token"), "offline-2");
  scene.push_system_token("system-2");
  EXPECT_EQ(member(scene.token(client.with(OAuthScene::client_credentials())), "access_token"), "system-2");
}

TEST(GatewayOAuth, says_what_a_token_is) {
  OAuthScene scene;
  scene.push_system_token("system-1");
  const Client client = scene.make_client();
  ASSERT_EQ(scene.token(client.with(OAuthScene::exchange())).status, 200);
  const auto answer = scene.post("/oauth2/introspect", client.with({{"token", "offline-1"}}));
  const auto document = JsonDocument::parse(answer.body);
  EXPECT_EQ((*document)["active"].boolean(), true) << answer.body;
  EXPECT_EQ(member(answer, "sub"), "557058:absent");
  EXPECT_EQ(member(answer, "installation_id"), scene.installation);
}

TEST(GatewayOAuth, keeps_a_client_over_a_restart_and_both_secrets_while_they_overlap) {
  OAuthScene scene;
  scene.push_system_token("system-1");
  const Client first = scene.make_client();
  const auto rotated =
      scene.admin("POST", "/v1/clients/" + first.id + "/rotate", R"({"overlapSeconds":600})");
  ASSERT_EQ(rotated.status, 200) << rotated.body;
  const Client second{first.id, member(rotated, "clientSecret")};
  scene.gateway.reset();
  scene.start();
  EXPECT_EQ(scene.token(first.with(OAuthScene::client_credentials())).status, 200);
  EXPECT_EQ(scene.token(second.with(OAuthScene::client_credentials())).status, 200);
  const auto again = scene.admin("POST", "/v1/clients/" + first.id + "/rotate", R"({"overlapSeconds":0})");
  const Client third{first.id, member(again, "clientSecret")};
  EXPECT_EQ(scene.token(first.with(OAuthScene::client_credentials())).status, 401);
  EXPECT_EQ(scene.token(second.with(OAuthScene::client_credentials())).status, 401);
  EXPECT_EQ(scene.token(third.with(OAuthScene::client_credentials())).status, 200);
  EXPECT_EQ(scene.admin("DELETE", "/v1/clients/" + first.id).status, 204);
  EXPECT_EQ(scene.admin("DELETE", "/v1/clients/" + first.id).status, 404);
  EXPECT_EQ(scene.token(third.with(OAuthScene::client_credentials())).status, 401);
}

TEST(GatewayOAuth, lists_clients_without_anything_that_proves_to_be_one) {
  OAuthScene scene;
  scene.push_system_token("system-1");
  const Client client =
      scene.make_client(R"({"name":"a \"name\"","expiresInDays":30,"allowFrom":["127.0.0.1"]})");
  const auto list = scene.admin("GET", "/v1/installations/" + scene.installation + "/clients");
  EXPECT_EQ(list.status, 200);
  EXPECT_NE(list.body.find(client.id), std::string::npos);
  EXPECT_NE(list.body.find("\"expiresAt\""), std::string::npos);
  EXPECT_EQ(list.body.find(client.secret), std::string::npos);
  EXPECT_TRUE(JsonDocument::parse(list.body));
}

/// The content of a file, once it is there.
std::string wait_for_file(const std::string& path) {
  while (!std::filesystem::exists(path)) std::this_thread::yield();
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(GatewayOAuth, delivers_the_credentials_of_each_new_installation_once) {
  OAuthScene scene("credentials_dir = \"clients\"\n");
  scene.push_system_token("system-1");
  const std::string path = scene.file("clients/" + scene.installation + ".json");
  const HttpResponse file{.status = 0, .headers = {}, .body = wait_for_file(path)};
  EXPECT_EQ(std::filesystem::status(path).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  EXPECT_EQ(member(file, "tokenEndpoint"), scene.url("/oauth2/token"));
  const Client client{member(file, "clientId"), member(file, "clientSecret")};
  // The client is kept a moment after its file is there.
  while (scene.token(client.with(OAuthScene::client_credentials())).status == 401) std::this_thread::yield();
  std::filesystem::remove(path);
  scene.gateway.reset();
  scene.start();
  EXPECT_EQ(scene.token(client.with(OAuthScene::client_credentials())).status, 200);
  scene.gateway.reset();  // waits for what is being delivered
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(GatewayOAuth, refuses_wishes_that_cannot_be) {
  OAuthScene scene;
  scene.push_system_token("system-1");
  const std::string path = "/v1/installations/" + scene.installation + "/clients";
  for (const std::string wishes :
       {"[]", "{", R"({"nmae":"x"})", R"({"expiresInDays":0})", R"({"expiresInDays":"3"})",
        R"({"allowFrom":["10.0.0.1/8"]})", R"({"allowFrom":[1]})", R"({"allowFrom":"10.0.0.0/8"})",
        R"({"jwks":{}})", R"({"jwks":{"keys":[]}})", R"({"name":"a\nb"})", R"({"name":"a","name":"b"})"}) {
    EXPECT_EQ(scene.admin("POST", path, wishes).status, 400) << wishes;
  }
  EXPECT_EQ(member(scene.admin("POST", path, R"({"allowFrom":["somewhere"]})"), "detail"),
            "allowFrom: must be an IP address or a network such as 192.0.2.0/24");
  EXPECT_EQ(scene.admin("POST", "/v1/installations/unknown/clients").status, 404);
  EXPECT_EQ(scene.admin("POST", "/v1/clients/tc_unknown/rotate").status, 404);
  const Client client = scene.make_client();
  EXPECT_EQ(scene.admin("POST", "/v1/clients/" + client.id + "/rotate", R"({"overlapSeconds":-1})").status,
            400);
}

}  // namespace
}  // namespace tongs::gateway::testing
