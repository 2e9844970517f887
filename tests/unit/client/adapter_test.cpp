#include <gtest/gtest.h>

#include <tongs/adapter.hpp>
#include <tongs/testing/scripted_transport.hpp>

namespace tongs {
namespace {

using namespace std::chrono_literals;
using testing::ScriptedTransport;

constexpr WallTime kFarAway{std::chrono::seconds(4'000'000'000)};
constexpr std::string_view kInstallation = "0a3a7799-53ae-4a5b-9e7e-03338980abb5";

std::string header_of(const HttpRequest& request, std::string_view name) {
  for (const Header& header : request.headers) {
    if (same_header_name(header.name, name)) return header.value;
  }
  return "(none)";
}

std::shared_ptr<InstallationCredentials> credentials_with(std::string_view token) {
  auto credentials = std::make_shared<InstallationCredentials>(*InstallationId::parse(kInstallation));
  (void)credentials->offer(Secret(token), kFarAway);
  return credentials;
}

AsUser as_user_with(std::string_view token) { return {std::make_shared<const Secret>(token)}; }
AsOfflineUser offline_user(std::string_view token) {
  return {AccessToken(*AccountId::parse("655362:312d"), Secret(token), kFarAway)};
}

const ApiRequest kMyself{.path = "/rest/api/3/myself"};

class DirectAdapterTest : public ::testing::Test {
 protected:
  std::shared_ptr<const Adapter> adapter(std::shared_ptr<InstallationCredentials> credentials = {}) {
    auto made = direct_adapter({.product = Product::jira,
                                .api_base_url = "https://api.example.com/ex/jira/1",
                                .transport = transport_,
                                .credentials = std::move(credentials)});
    EXPECT_TRUE(made);
    return *made;
  }
  std::shared_ptr<ScriptedTransport> transport_ = std::make_shared<ScriptedTransport>();
};

TEST_F(DirectAdapterTest, CallsAsTheAppWithTheSystemToken) {
  transport_->answer(200, "{}");
  ASSERT_TRUE(adapter(credentials_with("sys"))->send(kMyself, AsApp{}, {}));
  const auto sent = transport_->requests().at(0);
  EXPECT_EQ(sent.url, "https://api.example.com/ex/jira/1/rest/api/3/myself");
  EXPECT_EQ(header_of(sent, "authorization"), "Bearer sys");
  EXPECT_EQ(header_of(sent, "accept"), "application/json");
  EXPECT_EQ(header_of(sent, "content-type"), "(none)");
}

TEST_F(DirectAdapterTest, CallsAsAUserWithHisToken) {
  transport_->answer(200).answer(200);
  const auto both = adapter();
  ASSERT_TRUE(both->send(kMyself, as_user_with("user"), {}));
  ASSERT_TRUE(both->send(kMyself, offline_user("offline"), {}));
  EXPECT_EQ(header_of(transport_->requests().at(0), "authorization"), "Bearer user");
  EXPECT_EQ(header_of(transport_->requests().at(1), "authorization"), "Bearer offline");
}

TEST_F(DirectAdapterTest, MarksTheCredentialAsSensitive) {
  transport_->answer(200);
  ASSERT_TRUE(adapter()->send(kMyself, offline_user("t"), {}));
  const auto sent = transport_->requests().at(0);
  for (const Header& header : sent.headers) {
    EXPECT_EQ(header.sensitive, header.name == "authorization") << header.name;
  }
}

TEST_F(DirectAdapterTest, ABodyIsJsonUnlessAHeaderSaysOtherwise) {
  transport_->answer(200).answer(200);
  ASSERT_TRUE(adapter()->send({.method = "POST", .path = "/a", .body = "{}"}, offline_user("t"), {}));
  ASSERT_TRUE(adapter()->send(
      {.method = "POST", .path = "/a", .headers = {{"Content-Type", "image/png"}}, .body = "x"},
      offline_user("t"), {}));
  EXPECT_EQ(header_of(transport_->requests().at(0), "content-type"), "application/json");
  EXPECT_EQ(header_of(transport_->requests().at(1), "content-type"), "image/png");
  EXPECT_EQ(transport_->requests().at(1).body, "x");
}

TEST_F(DirectAdapterTest, SendsNothingWithoutALiveSystemToken) {
  const auto answer = adapter(credentials_with(""))->send(kMyself, AsApp{}, {});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code(), Errc::rejected);
  EXPECT_EQ(transport_->count(), 0U);
}

TEST_F(DirectAdapterTest, SendsNothingWithoutACredentialAtAll) {
  EXPECT_EQ(adapter()->send(kMyself, AsApp{}, {}).error().code(), Errc::invalid_argument);
  EXPECT_EQ(adapter()->send(kMyself, AsUser{}, {}).error().code(), Errc::invalid_argument);
  EXPECT_EQ(adapter()->send(kMyself, as_user_with(""), {}).error().code(), Errc::invalid_argument);
  EXPECT_EQ(transport_->count(), 0U);
}

TEST_F(DirectAdapterTest, ATokenCannotInjectAHeader) {
  for (const char* bad : {"a\r\nevil: 1", "a b", "a\tb", "\xc3\xa4"}) {
    EXPECT_EQ(adapter()->send(kMyself, as_user_with(bad), {}).error().code(), Errc::invalid_argument);
  }
  EXPECT_EQ(transport_->count(), 0U);
}

TEST_F(DirectAdapterTest, TheCallerCannotSetWhatTheAdapterSets) {
  for (const char* name :
       {"Authorization", "forge-proxy-authorization", "Host", "Content-Length", "Transfer-Encoding"}) {
    const auto answer = adapter()->send({.path = "/a", .headers = {{name, "x"}}}, offline_user("t"), {});
    EXPECT_EQ(answer.error().code(), Errc::invalid_argument) << name;
  }
  EXPECT_FALSE(adapter()->send({.path = "/a", .headers = {{"x", "1\r\ny: 2"}}}, offline_user("t"), {}));
  EXPECT_EQ(transport_->count(), 0U);
}

TEST_F(DirectAdapterTest, NoRequestLeavesTheBaseUrl) {
  for (const char* path : {"@evil.example/", "//../", "/../../2/rest", "/a#b", "https://evil.example/"}) {
    EXPECT_FALSE(adapter()->send({.path = path}, offline_user("t"), {})) << path;
  }
  EXPECT_EQ(transport_->count(), 0U);
}

TEST_F(DirectAdapterTest, ARefusedSystemTokenThatWasReplacedIsTriedAgainWithItsSuccessor) {
  auto credentials = std::make_shared<InstallationCredentials>(*InstallationId::parse(kInstallation));
  ASSERT_TRUE(credentials->offer(Secret("old"), kFarAway - 1h));
  transport_->run([&](const HttpRequest&, const CallOptions&) -> Result<HttpResponse> {
    EXPECT_TRUE(credentials->offer(Secret("new"), kFarAway));
    return HttpResponse{.status = 401};
  });
  transport_->answer(200);
  EXPECT_EQ(adapter(credentials)->send(kMyself, AsApp{}, {})->status, 200);
  EXPECT_EQ(header_of(transport_->requests().at(1), "authorization"), "Bearer new");
}

TEST_F(DirectAdapterTest, ARefusedSystemTokenThatIsStillCurrentIsNeitherRepeatedNorForgotten) {
  const auto credentials = credentials_with("only");
  transport_->answer(401);
  EXPECT_EQ(adapter(credentials)->send(kMyself, AsApp{}, {})->status, 401);
  EXPECT_EQ(transport_->count(), 1U);
  ASSERT_TRUE(credentials->current());
  EXPECT_EQ(credentials->current()->reveal(), "only");
}

TEST_F(DirectAdapterTest, IsOnlyMadeForAPlaceThatMaySeeTokens) {
  for (const char* url : {"", "http://api.example.com", "ftp://h/", "https://user@h/", "https://h/?q=1"}) {
    const auto made = direct_adapter({.api_base_url = url, .transport = transport_});
    ASSERT_FALSE(made) << url;
    EXPECT_EQ(made.error().code(), Errc::invalid_argument);
  }
  EXPECT_FALSE(direct_adapter({.api_base_url = "https://h"}));
  EXPECT_TRUE(direct_adapter({.api_base_url = "http://127.0.0.1:8080", .transport = transport_}));
}

class ProxyAdapterTest : public ::testing::Test {
 protected:
  ProxyAdapterOptions options() {
    return {.product = Product::jira,
            .proxy_url = "http://127.0.0.1:7072",
            .installation = *InstallationId::parse(kInstallation),
            .transport = transport_};
  }
  HttpRequest sent_by(ProxyAdapterOptions options, const Identity& as) {
    transport_->answer(200);
    const auto adapter = proxy_adapter(std::move(options));
    EXPECT_TRUE(adapter);
    EXPECT_TRUE((*adapter)->send(kMyself, as, {}));
    return transport_->requests().back();
  }
  std::shared_ptr<ScriptedTransport> transport_ = std::make_shared<ScriptedTransport>();
};

TEST_F(ProxyAdapterTest, SpeaksTheGrammarOfContainersForTheApp) {
  const auto sent = sent_by(options(), AsApp{});
  EXPECT_EQ(sent.url, "http://127.0.0.1:7072/jira/rest/api/3/myself");
  EXPECT_EQ(header_of(sent, "forge-proxy-authorization"),
            "Forge as=app,installationId=0a3a7799-53ae-4a5b-9e7e-03338980abb5");
  EXPECT_EQ(header_of(sent, "authorization"), "(none)");
}

TEST_F(ProxyAdapterTest, NamesTheAccountOfAnOfflineUserAndKeepsHisTokenAtHome) {
  const auto sent = sent_by(options(), offline_user("offline"));
  EXPECT_EQ(header_of(sent, "forge-proxy-authorization"),
            "Forge as=user,accountId=655362:312d,installationId=0a3a7799-53ae-4a5b-9e7e-03338980abb5");
  EXPECT_EQ(header_of(sent, "authorization"), "(none)");
}

TEST_F(ProxyAdapterTest, NamesTheInvocationIfThereIsOne) {
  auto with_invocation = options();
  with_invocation.invocation_id = "invocation-123";
  EXPECT_EQ(header_of(sent_by(with_invocation, AsApp{}), "forge-proxy-authorization"),
            "Forge as=app,id=invocation-123");
  EXPECT_EQ(header_of(sent_by(with_invocation, as_user_with("u")), "forge-proxy-authorization"),
            "Forge as=user,id=invocation-123");
  EXPECT_EQ(header_of(sent_by(with_invocation, offline_user("o")), "forge-proxy-authorization"),
            "Forge as=user,accountId=655362:312d,id=invocation-123");
}

TEST_F(ProxyAdapterTest, ThePresentUserIsKnownByTheInvocationAlone) {
  const auto answer = (*proxy_adapter(options()))->send(kMyself, as_user_with("u"), {});
  EXPECT_EQ(answer.error().code(), Errc::invalid_argument);
  EXPECT_EQ(transport_->count(), 0U);
}

TEST_F(ProxyAdapterTest, TheSeedsFormCarriesTheTokens) {
  auto seed = options();
  seed.credentials = credentials_with("sys=");
  const auto as_app = sent_by(seed, AsApp{});
  EXPECT_EQ(header_of(as_app, "forge-proxy-authorization"),
            "Forge as=app,installationId=0a3a7799-53ae-4a5b-9e7e-03338980abb5,token=sys=");
  const auto as_user = sent_by(seed, offline_user("offline"));
  EXPECT_EQ(
      header_of(as_user, "forge-proxy-authorization"),
      "Forge as=user,accountId=655362:312d,installationId=0a3a7799-53ae-4a5b-9e7e-03338980abb5,token=sys=");
  EXPECT_EQ(header_of(as_user, "authorization"), "Bearer offline");
}

TEST_F(ProxyAdapterTest, NoFieldCanBeInjected) {
  auto comma = options();
  comma.credentials = credentials_with("sys,as=user");
  EXPECT_FALSE((*proxy_adapter(comma))->send(kMyself, AsApp{}, {}));
  for (const char* id : {"a,as=user", "a=b", "a b", "a\r\n"}) {
    auto injected = options();
    injected.invocation_id = id;
    EXPECT_FALSE(proxy_adapter(injected)) << id;
  }
  EXPECT_EQ(transport_->count(), 0U);
}

TEST_F(ProxyAdapterTest, KeepsThePathOfTheProxyAndTheProduct) {
  auto elsewhere = options();
  elsewhere.proxy_url = "https://proxy.example.com/forge/";
  elsewhere.product = Product::confluence;
  EXPECT_EQ(sent_by(elsewhere, AsApp{}).url, "https://proxy.example.com/forge/confluence/rest/api/3/myself");
}

TEST_F(ProxyAdapterTest, RefusesCredentialsOfAnotherInstallation) {
  auto foreign = options();
  foreign.credentials = std::make_shared<InstallationCredentials>(*InstallationId::parse("other"));
  EXPECT_EQ(proxy_adapter(foreign).error().code(), Errc::invalid_argument);
  auto plain = options();
  plain.proxy_url = "http://proxy.example.com";
  EXPECT_FALSE(proxy_adapter(plain));
  auto silent = options();
  silent.transport = nullptr;
  EXPECT_FALSE(proxy_adapter(silent));
}

TEST(ProductNames, AreThePathsOfTheProxy) {
  EXPECT_EQ(to_string(Product::jira), "jira");
  EXPECT_EQ(to_string(Product::confluence), "confluence");
  EXPECT_EQ(to_string(Product::bitbucket), "bitbucket");
}

}  // namespace
}  // namespace tongs
