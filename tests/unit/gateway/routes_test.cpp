#include "gateway/ingress/routes.hpp"

#include <gtest/gtest.h>

#include <tongs/jwks.hpp>
#include <tongs/testing/fake_clock.hpp>
#include <tongs/testing/test_issuer.hpp>

namespace tongs::gateway {
namespace {

using tongs::testing::TestFit;
using tongs::testing::TestIssuer;

using namespace std::chrono_literals;

/// Claims of which only the module matters.
FitClaims claims_of(std::string type, std::string key) {
  const TestIssuer issuer;
  TestFit fit;
  fit.module_type = std::move(type);
  fit.module_key = std::move(key);
  const auto verifier =
      FitVerifier::create(AppId::parse(fit.app_id).value(), static_keys(issuer.jwks()).value(), {},
                          std::make_shared<tongs::testing::FakeClock>())
          .value();
  return verifier.verify(issuer.sign(fit))->claims();
}

const FitClaims kPanel = claims_of("jira:issuePanel", "panel");

Routes routes(std::initializer_list<std::string_view> lines) {
  std::vector<Route> parsed;
  for (const auto line : lines) parsed.push_back(Route::parse(line).value());
  return {std::move(parsed), net::parse_endpoint("http://127.0.0.1:1/").value(), 25s};
}

std::uint16_t port_for(const Routes& routes, std::string_view path, const FitClaims& claims = kPanel) {
  return routes.choose(path, claims).at->to.port;
}

TEST(Routes, TakeThePathAndWhatIsBelowIt) {
  const Routes table = routes({"/events -> http://127.0.0.1:2", "/a/ -> http://127.0.0.1:3"});
  EXPECT_EQ(port_for(table, "/events"), 2);
  EXPECT_EQ(port_for(table, "/events/x"), 2);
  EXPECT_EQ(port_for(table, "/eventsx"), 1);
  EXPECT_EQ(port_for(table, "/Events"), 1);
  EXPECT_EQ(port_for(table, "/a/b"), 3);
  EXPECT_EQ(port_for(table, "/a"), 1);
  EXPECT_EQ(port_for(table, "/"), 1);
}

TEST(Routes, TakeTheModuleThatTheTokenProves) {
  const Routes table = routes({"module:panel -> http://127.0.0.1:2"});
  EXPECT_EQ(port_for(table, "/x"), 2);
  EXPECT_EQ(port_for(table, "/panel", claims_of("jira:issuePanel", "other")), 1);
}

TEST(Routes, GoToTheFirstThatFits) {
  const Routes table =
      routes({"/a/b -> http://127.0.0.1:2", "/a -> http://127.0.0.1:3", "/a/b -> http://127.0.0.1:4"});
  EXPECT_EQ(port_for(table, "/a/b"), 2);
  EXPECT_EQ(port_for(table, "/a/c"), 3);
}

TEST(Routes, WaitAsLongAsForgeDoesUnlessTheySay) {
  const Routes table = routes({"/slow -> http://127.0.0.1:2 90s", "/quick -> http://127.0.0.1:2 500ms"});
  EXPECT_EQ(table.choose("/", kPanel).patience, 25s);
  EXPECT_EQ(table.choose("/", claims_of("rovo:agentConnector", "agent")).patience, 55s);
  EXPECT_EQ(table.choose("/slow", kPanel).patience, 90s);
  EXPECT_EQ(table.choose("/quick", claims_of("rovo:agentConnector", "agent")).patience, 500ms);
}

TEST(Routes, RefuseALineThatTheyCannotFollow) {
  for (const auto line :
       {"", "/a", "/a http://127.0.0.1:2", "a -> http://127.0.0.1:2", "module: -> http://127.0.0.1:2",
        "/a -> ftp://x", "/a -> http://127.0.0.1:2?x=1", "/a -> http://127.0.0.1:2 soon",
        "/a -> http://127.0.0.1:2 1ms", "/a -> http://127.0.0.1:2 5s 6s", "-> http://127.0.0.1:2"}) {
    EXPECT_FALSE(Route::parse(line)) << line;
  }
}

}  // namespace
}  // namespace tongs::gateway
