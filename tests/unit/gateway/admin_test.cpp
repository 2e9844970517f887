#include "gateway/admin/admin.hpp"

#include <atomic>

#include <tongs/json.hpp>

#include "support/loopback.hpp"

namespace tongs::gateway {
namespace {

using net::Exchange;
using net::Response;
using net::testing::RawPeer;
using net::testing::RunningServer;

constexpr std::string_view kToken = "0123456789abcdef0123456789abcdef";

net::LocalGuard guard() { return {net::ListenAddress::parse("127.0.0.1:7074").value(), {}}; }

class AdminListener : public ::testing::Test {
 protected:
  void SetUp() override {
    admin.routes().on("DELETE", "/v1/things/{id}",
                      [](Exchange& exchange, const net::PathParameters& parameters) {
                        return exchange.respond(Response::text(200, "deleted " + parameters.at("id")));
                      });
  }

  /// The whole answer to a request with these header lines beside `Host`.
  std::string ask(const std::string& request_line, const std::string& headers = "",
                  const std::string& host = "localhost") {
    if (!server) server.emplace([this](Exchange& exchange) { return admin.handle(exchange); });
    return RawPeer(server->port())
        .say(request_line + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n" + headers + "\r\n")
        .hear_all();
  }
  static std::string status(const std::string& answer) { return answer.substr(9, 3); }
  static std::string body(const std::string& answer) { return answer.substr(answer.find("\r\n\r\n") + 4); }

  metrics::Registry registry;
  Admin admin{guard(), Secret(kToken), registry};
  std::optional<RunningServer> server;
};

TEST_F(AdminListener, is_alive_without_a_token) {
  const auto answer = ask("GET /healthz");
  EXPECT_EQ(status(answer), "200");
  EXPECT_EQ(body(answer), "alive\n");
  EXPECT_NE(answer.find("Cache-Control: no-store\r\n"), std::string::npos);
}

TEST_F(AdminListener, is_ready_only_while_every_check_is_fine) {
  std::atomic<bool> vault_is_open{true};
  admin.add_check({"keys", [] { return Result<void>(); }});
  admin.add_check({"vault", [&]() -> Result<void> {
                     if (vault_is_open) return {};
                     return Error(Errc::storage_failed, "the vault cannot be \"written\"");
                   }});
  auto answer = ask("GET /readyz");
  EXPECT_EQ(status(answer), "200");
  EXPECT_EQ(body(answer),
            "{\"ready\":true,\"checks\":[{\"name\":\"keys\",\"ready\":true},{\"name\":\"vault\",\"ready\":"
            "true}]}\n");
  vault_is_open = false;
  answer = ask("GET /readyz");
  EXPECT_EQ(status(answer), "503");
  EXPECT_NE(answer.find("Content-Type: application/json\r\n"), std::string::npos);
  const auto document = JsonDocument::parse(body(answer));
  ASSERT_TRUE(document);
  EXPECT_EQ((*document)["ready"].boolean(), false);
  EXPECT_NE(body(answer).find(R"({"name":"vault","ready":false,"detail":"the vault cannot be \"written\""})"),
            std::string::npos);
}

TEST_F(AdminListener, is_ready_without_checks) {
  EXPECT_EQ(body(ask("GET /readyz")), "{\"ready\":true,\"checks\":[]}\n");
}

TEST_F(AdminListener, shows_metrics) {
  registry.counter("tongs_things_total", "Things.").add(7);
  const auto answer = ask("GET /metrics");
  EXPECT_EQ(status(answer), "200");
  EXPECT_NE(answer.find("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"), std::string::npos);
  EXPECT_NE(body(answer).find("\ntongs_things_total 7\n"), std::string::npos);
}

TEST_F(AdminListener, knows_the_methods_of_its_open_paths) {
  EXPECT_EQ(status(ask("HEAD /healthz")), "200");
  const auto answer = ask("POST /metrics");
  EXPECT_EQ(status(answer), "405");
  EXPECT_NE(answer.find("Allow: GET, HEAD\r\n"), std::string::npos);
}

TEST_F(AdminListener, wants_its_token_for_all_else) {
  const std::string token(kToken);
  EXPECT_EQ(body(ask("DELETE /v1/things/7", "Authorization: Bearer " + token + "\r\n")), "deleted 7");
  EXPECT_EQ(body(ask("DELETE /v1/things/7", "authorization: bearer  " + token + "\r\n")), "deleted 7");
  for (const std::string& value : std::initializer_list<std::string>{
           token, "Basic " + token, std::string("Bearer"), std::string("Bearer "), "Bearer " + token + "0",
           "Bearer " + token.substr(1), "Bearer " + token.substr(1) + "0", "Bearer " + token + " x",
           "Bearer\t" + token}) {
    const auto answer = ask("DELETE /v1/things/7", "Authorization: " + value + "\r\n");
    EXPECT_EQ(status(answer), "401") << value;
    EXPECT_NE(answer.find("WWW-Authenticate: Bearer\r\n"), std::string::npos);
    EXPECT_EQ(answer.find(token), std::string::npos);
  }
}

TEST_F(AdminListener, tells_only_its_administrators_what_is_not_there) {
  EXPECT_EQ(status(ask("GET /v1/secrets")), "401");
  EXPECT_EQ(status(ask("GET /v1/secrets", "Authorization: Bearer " + std::string(kToken) + "\r\n")), "404");
  EXPECT_EQ(status(ask("GET /v1/things/7")), "401");
  EXPECT_EQ(status(ask("GET /v1/things/7", "Authorization: Bearer " + std::string(kToken) + "\r\n")), "405");
}

TEST_F(AdminListener, keeps_web_pages_out_even_with_the_token) {
  const std::string token = "Authorization: Bearer " + std::string(kToken) + "\r\n";
  for (const std::string path : {"GET /healthz", "GET /readyz", "GET /metrics", "DELETE /v1/things/7"}) {
    EXPECT_EQ(status(ask(path, token + "Origin: http://localhost\r\n")), "403") << path;
    EXPECT_EQ(status(ask(path, token + "Sec-Fetch-Site: cross-site\r\n")), "403") << path;
    const auto answer = ask(path, token, "rebound.example:7074");
    EXPECT_EQ(status(answer), "403") << path;
    EXPECT_NE(answer.find("Content-Type: application/problem+json\r\n"), std::string::npos);
  }
}

}  // namespace
}  // namespace tongs::gateway
