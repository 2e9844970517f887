#include "common/router.hpp"

#include "support/loopback.hpp"

namespace tongs::net {
namespace {

using testing::RawPeer;
using testing::RunningServer;

RouteHandler says(const std::string& word) {
  return [word](Exchange& exchange, const PathParameters&) {
    return exchange.respond(Response::text(200, word));
  };
}

Router router() {
  Router router;
  router.on("GET", "/v1/installations", says("list"))
      .on("GET", "/v1/installations/{id}", says("one"))
      .on("DELETE", "/v1/installations/{id}", says("gone"))
      .on("POST", "/v1/installations/{id}/clients/{client}", says("client"));
  return router;
}

const Router::Found* found(const Router::Match& match) { return std::get_if<Router::Found>(&match); }

TEST(Router, takes_named_segments_out_of_a_path) {
  const Router routes = router();
  const auto match = routes.match("POST", "/v1/installations/a%2Fb%20c/clients/%C3%BC");
  ASSERT_NE(found(match), nullptr);
  EXPECT_EQ(found(match)->parameters.at("id"), "a/b c");
  EXPECT_EQ(found(match)->parameters.at("client"), "ü");
  EXPECT_THROW((void)found(match)->parameters.at("name"), std::logic_error);
}

TEST(Router, finds_nothing_at_other_paths) {
  const Router routes = router();
  for (const std::string_view path :
       {"", "/", "*", "v1", "/v1", "/v1/", "/v1/installations/", "/v1/installations//clients/a",
        "//v1/installations", "/v1/installations/a/", "/v1/installations/a/b", "/V1/installations",
        "/v1/installations/%", "/v1/installations/%zz", "http://x/v1/installations"}) {
    EXPECT_TRUE(std::holds_alternative<Router::NotFound>(routes.match("GET", path))) << path;
  }
}

TEST(Router, names_the_methods_that_a_path_has) {
  const Router routes = router();
  const auto match = routes.match("PUT", "/v1/installations/a");
  ASSERT_TRUE(std::holds_alternative<Router::WrongMethod>(match));
  EXPECT_EQ(std::get<Router::WrongMethod>(match).allowed, "GET, HEAD, DELETE");
  EXPECT_NE(found(routes.match("HEAD", "/v1/installations")), nullptr);
  EXPECT_TRUE(std::holds_alternative<Router::WrongMethod>(routes.match("get", "/v1/installations")));
}

TEST(Router, answers_over_the_wire) {
  const Router routes = router();
  RunningServer server([&](Exchange& exchange) { return routes.handle(exchange); });
  const auto answer_to = [&](const std::string& line) {
    return RawPeer(server.port()).say(line + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").hear_all();
  };
  EXPECT_TRUE(answer_to("GET /v1/installations?page=2").ends_with("\r\n\r\nlist"));
  const auto missing = answer_to("GET /nothing");
  EXPECT_TRUE(missing.starts_with("HTTP/1.1 404 Not Found\r\n")) << missing;
  EXPECT_NE(missing.find("urn:tongs:problem:not-found"), std::string::npos);
  const auto wrong = answer_to("PUT /v1/installations/a");
  EXPECT_TRUE(wrong.starts_with("HTTP/1.1 405 Method Not Allowed\r\n")) << wrong;
  EXPECT_NE(wrong.find("\r\nAllow: GET, HEAD, DELETE\r\n"), std::string::npos);
  EXPECT_NE(wrong.find("\r\nContent-Type: application/problem+json\r\n"), std::string::npos);
}

}  // namespace
}  // namespace tongs::net
