#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include <tongs/installation.hpp>
#include <tongs/json.hpp>
#include <tongs/testing/fake_clock.hpp>
#include <tongs/testing/scripted_transport.hpp>
#include <tongs/token.hpp>

#include "support/tokens.hpp"

namespace tongs {
namespace {

using namespace std::chrono_literals;
using testing::account_id;
using testing::FakeClock;
using testing::installation_id;
using testing::ScriptedTransport;

constexpr WallTime kStart{1'700'000'000s};
constexpr std::string_view kContext = "ari:cloud:jira::site/02cfe711-47c9-46f3-ae22-9af9259c75be";
constexpr const char* kDirectAnswer =
    R"({"data":{"offlineUserAuthToken":{"success":true,"errors":null,"authToken":{"token":"user-token","ttl":3600}}}})";
constexpr const char* kProxyAnswer =
    R"({"data":{"offlineUserAuthToken":{"accessToken":"user-token","expiry":1700003600}}})";

std::string header(const HttpRequest& request, std::string_view name) {
  for (const Header& field : request.headers) {
    if (same_header_name(field.name, name)) return field.value;
  }
  return {};
}
bool is_sensitive(const HttpRequest& request, std::string_view name) {
  for (const Header& field : request.headers) {
    if (same_header_name(field.name, name)) return field.sensitive;
  }
  return false;
}
JsonDocument body(const HttpRequest& request) { return *JsonDocument::parse(request.body); }

class TokenSourcesTest : public ::testing::Test {
 protected:
  TokenSourcesTest() { credentials_->offer(Secret("system-token"), kStart + 3600s); }

  std::shared_ptr<UserTokenSource> direct() {
    return *direct_token_source({.credentials = credentials_,
                                 .transport = transport_,
                                 .context = *ContextAri::parse(kContext),
                                 .clock = clock_});
  }
  std::shared_ptr<UserTokenSource> proxy(std::shared_ptr<InstallationCredentials> credentials,
                                         std::string url = "http://127.0.0.1:7072") {
    return *proxy_token_source({.proxy_url = std::move(url),
                                .installation = installation_id(),
                                .transport = transport_,
                                .credentials = std::move(credentials),
                                .clock = clock_});
  }

  std::shared_ptr<FakeClock> clock_ = std::make_shared<FakeClock>(kStart);
  std::shared_ptr<ScriptedTransport> transport_ = std::make_shared<ScriptedTransport>();
  std::shared_ptr<InstallationCredentials> credentials_ =
      std::make_shared<InstallationCredentials>(installation_id(), clock_);
};

// The documented contract.

TEST_F(TokenSourcesTest, DirectSendsTheDocumentedMutation) {
  transport_->answer(200, kDirectAnswer);
  const auto token = direct()->fetch(account_id(), {});
  ASSERT_TRUE(token);
  EXPECT_EQ(token->token.reveal(), "user-token");
  EXPECT_EQ(token->life, 3600s);

  ASSERT_EQ(transport_->count(), 1U);
  const HttpRequest request = transport_->requests().front();
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url, "https://api.atlassian.com/graphql");
  EXPECT_EQ(header(request, "accept"), "application/json");
  EXPECT_EQ(header(request, "content-type"), "application/json");
  EXPECT_EQ(header(request, "authorization"), "Bearer system-token");
  EXPECT_TRUE(is_sensitive(request, "authorization"));
  const JsonDocument sent = body(request);
  EXPECT_NE(sent["query"].string_or("").find("mutation forge_remote_offlineUserAuthToken("
                                             "$input: OfflineUserAuthTokenInput!)"),
            std::string_view::npos);
  EXPECT_EQ(sent["variables"].text(),
            R"({"input":{"contextIds":["ari:cloud:jira::site/02cfe711-47c9-46f3-ae22-9af9259c75be"],)"
            R"("userId":"655362:ada"}})");
}

TEST_F(TokenSourcesTest, DirectIsOfTheInstallationOfItsCredentials) {
  EXPECT_EQ(direct()->installation(), installation_id());
}

TEST_F(TokenSourcesTest, EachFetchAsksForTheCurrentSystemToken) {
  transport_->answer(200, kDirectAnswer).answer(200, kDirectAnswer);
  const auto source = direct();
  ASSERT_TRUE(source->fetch(account_id(), {}));
  credentials_->offer(Secret("renewed"), kStart + 7200s);
  ASSERT_TRUE(source->fetch(account_id(), {}));
  EXPECT_EQ(header(transport_->requests().back(), "authorization"), "Bearer renewed");
}

TEST_F(TokenSourcesTest, WithoutALiveSystemTokenNothingIsSent) {
  clock_->advance(3600s);
  const auto token = direct()->fetch(account_id(), {});
  ASSERT_FALSE(token);
  EXPECT_EQ(token.error().code(), Errc::rejected);
  EXPECT_EQ(token.error().message(), "no live system token for this installation");
  EXPECT_EQ(token.error().remote(), nullptr);
  EXPECT_EQ(transport_->count(), 0U);
}

TEST_F(TokenSourcesTest, ARefusedSystemTokenIsRejected) {
  transport_->answer(401, R"({"code":401,"message":"Unauthorized"})");
  const auto token = direct()->fetch(account_id(), {});
  ASSERT_FALSE(token);
  EXPECT_EQ(token.error().code(), Errc::rejected);
  EXPECT_NE(token.error().remote(), nullptr) << "so that the manager pauses";
  EXPECT_EQ(transport_->count(), 1U);
  EXPECT_FALSE(credentials_->current());
}

TEST_F(TokenSourcesTest, WhenAnotherSystemTokenHasComeMeanwhileItIsTriedOnce) {
  transport_->run([this](const HttpRequest&, const CallOptions&) {
    credentials_->offer(Secret("renewed"), kStart + 7200s);
    return HttpResponse{.status = 401};
  });
  transport_->answer(200, kDirectAnswer);
  ASSERT_TRUE(direct()->fetch(account_id(), {}));
  ASSERT_EQ(transport_->count(), 2U);
  EXPECT_EQ(header(transport_->requests().back(), "authorization"), "Bearer renewed");
  EXPECT_EQ(credentials_->current()->reveal(), "renewed");
}

TEST_F(TokenSourcesTest, TwoRefusalsAreEnough) {
  for (const char* next : {"second", "third"}) {
    transport_->run([this, next](const HttpRequest&, const CallOptions&) {
      credentials_->offer(Secret(next), credentials_->current()->expires_at() + 1s);
      return HttpResponse{.status = 401};
    });
  }
  EXPECT_EQ(direct()->fetch(account_id(), {}).error().code(), Errc::rejected);
  EXPECT_EQ(transport_->count(), 2U);
}

TEST_F(TokenSourcesTest, AMissingScopeIsNotTheTokensFault) {
  transport_->answer(401, R"({"code":401,"message":"Unauthorized; scope does not match"})",
                     {{.name = "x-failure-category", .value = "FAILURE_CLIENT_SCOPE_CHECK"}});
  EXPECT_EQ(direct()->fetch(account_id(), {}).error().code(), Errc::rejected);
  EXPECT_TRUE(credentials_->current());
}

TEST_F(TokenSourcesTest, TheLimitsOfTheCallReachTheTransport) {
  const CallOptions call = CallOptions::within(5s);
  MonoTime deadline;
  transport_->run([&](const HttpRequest&, const CallOptions& passed) {
    deadline = passed.deadline;
    return HttpResponse{.status = 200, .headers = {}, .body = kDirectAnswer};
  });
  ASSERT_TRUE(direct()->fetch(account_id(), call));
  EXPECT_EQ(deadline, call.deadline);
}

TEST_F(TokenSourcesTest, ADateInRetryAfterIsReadWithTheClockOfTheSource) {
  transport_->answer(429, "", {{.name = "retry-after", .value = "Tue, 14 Nov 2023 22:13:30 GMT"}});
  EXPECT_EQ(direct()->fetch(account_id(), {}).error().retry_after(), 10s);
}

// The seed's wire form.

TEST_F(TokenSourcesTest, ProxySendsTheSeedsQueryWithTheSystemToken) {
  transport_->answer(200, kProxyAnswer);
  const auto token = proxy(credentials_)->fetch(account_id(), {});
  ASSERT_TRUE(token);
  EXPECT_EQ(token->token.reveal(), "user-token");
  EXPECT_EQ(token->expires_at, kStart + 3600s);

  const HttpRequest request = transport_->requests().front();
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url, "http://127.0.0.1:7072/graphql");
  EXPECT_EQ(header(request, "forge-proxy-authorization"),
            "Forge as=app,installationId=4e874af6-799e-4236-b172-23e57f9e549e,token=system-token");
  EXPECT_TRUE(is_sensitive(request, "forge-proxy-authorization"));
  EXPECT_EQ(header(request, "authorization"), "");
  const JsonDocument sent = body(request);
  EXPECT_NE(sent["query"].string_or("").find("offlineUserAuthToken(userID: $userId) { accessToken expiry }"),
            std::string_view::npos);
  EXPECT_EQ(sent["variables"].text(), R"({"userId":"655362:ada"})");
}

TEST_F(TokenSourcesTest, ProxyWithoutCredentialsNamesTheInstallationAlone) {
  transport_->answer(200, kProxyAnswer);
  ASSERT_TRUE(proxy(nullptr)->fetch(account_id(), {}));
  EXPECT_EQ(header(transport_->requests().front(), "forge-proxy-authorization"),
            "Forge as=app,installationId=4e874af6-799e-4236-b172-23e57f9e549e");
}

TEST_F(TokenSourcesTest, ProxyKeepsThePathOfItsUrl) {
  transport_->answer(200, kProxyAnswer);
  ASSERT_TRUE(proxy(nullptr, "https://proxy.example/forge/")->fetch(account_id(), {}));
  EXPECT_EQ(transport_->requests().front().url, "https://proxy.example/forge/graphql");
}

TEST_F(TokenSourcesTest, ProxyWithoutALiveSystemTokenSendsNothing) {
  clock_->advance(3600s);
  EXPECT_EQ(proxy(credentials_)->fetch(account_id(), {}).error().code(), Errc::rejected);
  EXPECT_EQ(transport_->count(), 0U);
}

// How they are made.

TEST_F(TokenSourcesTest, ADirectSourceNeedsItsPartsAndASafeUrl) {
  const auto code = [&](auto change) {
    DirectTokenSourceOptions options{
        .credentials = credentials_, .transport = transport_, .context = *ContextAri::parse(kContext)};
    change(options);
    const auto source = direct_token_source(std::move(options));
    return source ? Errc::internal : source.error().code();
  };
  EXPECT_EQ(code([](auto& options) { options.credentials = nullptr; }), Errc::invalid_argument);
  EXPECT_EQ(code([](auto& options) { options.transport = nullptr; }), Errc::invalid_argument);
  EXPECT_EQ(code([](auto& options) { options.clock = nullptr; }), Errc::invalid_argument);
  EXPECT_EQ(code([](auto& options) { options.graphql_url = "http://api.atlassian.com/graphql"; }),
            Errc::invalid_argument);
  EXPECT_EQ(code([](auto& options) { options.graphql_url = ""; }), Errc::invalid_argument);
  EXPECT_EQ(code([](auto& options) { options.graphql_url = "http://localhost:1/graphql"; }), Errc::internal);
}

TEST_F(TokenSourcesTest, AProxySourceNeedsItsPartsAndASafeUrl) {
  const auto code = [&](auto change) {
    ProxyTokenSourceOptions options{
        .proxy_url = "http://127.0.0.1:7072", .installation = installation_id(), .transport = transport_};
    change(options);
    const auto source = proxy_token_source(std::move(options));
    return source ? Errc::internal : source.error().code();
  };
  EXPECT_EQ(code([](auto& options) { options.transport = nullptr; }), Errc::invalid_argument);
  EXPECT_EQ(code([](auto& options) { options.clock = nullptr; }), Errc::invalid_argument);
  EXPECT_EQ(code([](auto& options) { options.proxy_url = "http://proxy.example"; }), Errc::invalid_argument);
  EXPECT_EQ(code([](auto& options) { options.proxy_url = "https://proxy.example?x=1"; }),
            Errc::invalid_argument);
  EXPECT_EQ(code([](auto& options) {
              options.credentials = std::make_shared<InstallationCredentials>(
                  installation_id("00000000-0000-0000-0000-000000000000"));
            }),
            Errc::invalid_argument);
  EXPECT_EQ(code([](auto&) {}), Errc::internal);
}

}  // namespace
}  // namespace tongs
