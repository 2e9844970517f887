#include <gtest/gtest.h>

#include "integration/gateway/oauth_scene.hpp"
#include "jose/compact_jws.hpp"
#include "jose/rsa_private_key.hpp"

namespace tongs::gateway::testing {
namespace {

constexpr const char* kBearerType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

std::string basic(const std::string& credentials_in_base64) { return "Basic " + credentials_in_base64; }

class OAuthRefusals : public ::testing::Test {
 protected:
  void SetUp() override {
    scene_.push_system_token("system-1");
    client_ = scene_.make_client();
  }

  /// `STATUS error` of an answer to these parameters.
  std::string refusal(const Parameters& parameters, std::vector<Header> headers = {}) const {
    const auto answer = scene_.post("/oauth2/token", parameters, std::move(headers));
    EXPECT_EQ(answer.header("cache-control"), "no-store");
    EXPECT_EQ(answer.header("pragma"), "no-cache");
    return std::to_string(answer.status) + " " + member(answer, "error");
  }
  Parameters grant(const std::string& type, Parameters more = {}) const {
    more.emplace_back("grant_type", type);
    return client_.with(std::move(more));
  }
  Parameters exchange_with(const std::string& name, const std::string& value) const {
    Parameters changed;
    for (const auto& parameter : OAuthScene::exchange()) {
      if (parameter.first != name) changed.push_back(parameter);
    }
    changed.emplace_back(name, value);
    return client_.with(std::move(changed));
  }

  OAuthScene scene_;
  Client client_;
};

TEST_F(OAuthRefusals, name_what_is_wrong_with_the_request) {
  const std::string invalid = "400 invalid_request";
  EXPECT_EQ(refusal(client_.with({})), invalid) << "no grant_type";
  EXPECT_EQ(refusal(client_.with({{"grant_type", ""}})), invalid) << "without a value is not there";
  EXPECT_EQ(
      refusal(client_.with({{"grant_type", "client_credentials"}, {"grant_type", "client_credentials"}})),
      invalid);
  EXPECT_EQ(refusal(client_.with({{"grant_type", "client_credentials"}, {"x", "1"}, {"x", "2"}})), invalid);
  EXPECT_EQ(refusal({{"grant_type", "client_credentials"}, {"client_secret", client_.secret}}), invalid);
  EXPECT_EQ(refusal(grant("client_credentials", {{"client_assertion", "x"}})), invalid) << "two ways";
  EXPECT_EQ(refusal(grant("client_credentials"), {{"authorization", basic("YTpi")}}), invalid) << "two ways";
  EXPECT_EQ(
      refusal({{"grant_type", "client_credentials"}, {"client_id", "b"}}, {{"authorization", basic("YTpi")}}),
      invalid);
  EXPECT_EQ(refusal({{"grant_type", "client_credentials"}, {"client_assertion", "x"}}), invalid);
  EXPECT_EQ(refusal(grant("password")), "400 unsupported_grant_type");
  EXPECT_EQ(refusal(grant("refresh_token")), "400 unsupported_grant_type");
  Parameters many = grant("client_credentials");
  for (int i = 0; i < 70; ++i) many.emplace_back("x" + std::to_string(i), "1");
  EXPECT_EQ(refusal(many), invalid);
}

TEST_F(OAuthRefusals, name_what_is_wrong_with_an_exchange) {
  const std::string invalid = "400 invalid_request";
  EXPECT_EQ(refusal(exchange_with("subject_token", "")), invalid);
  EXPECT_EQ(refusal(exchange_with("subject_token", "a b")), invalid);
  EXPECT_EQ(refusal(exchange_with("subject_token_type", "urn:ietf:params:oauth:token-type:access_token")),
            invalid);
  EXPECT_EQ(refusal(exchange_with("requested_token_type", "urn:ietf:params:oauth:token-type:id_token")),
            invalid);
  EXPECT_EQ(refusal(exchange_with("actor_token", "x")), invalid);
  EXPECT_EQ(refusal(exchange_with("audience", "x")), "400 invalid_target");
  EXPECT_EQ(refusal(exchange_with("resource", "https://a.example")), "400 invalid_target");
  EXPECT_EQ(refusal(exchange_with("scope", "read:jira-work")), "400 invalid_scope")
      << "the token does not say";
  EXPECT_EQ(scene_.offline_tokens, 1) << "only the last one got so far";
}

TEST_F(OAuthRefusals, are_one_and_the_same_for_every_client_that_is_not_proved) {
  const Client elsewhere = scene_.make_client(R"({"allowFrom":["192.0.2.0/24"]})");
  const Client stranger{"tc_0123456789012345678901", client_.secret};
  const Client guesser{client_.id, client_.secret + "x"};
  const auto expected = scene_.token(stranger.with(OAuthScene::client_credentials()));
  EXPECT_EQ(expected.status, 401);
  EXPECT_EQ(member(expected, "error"), "invalid_client");
  EXPECT_EQ(expected.header("www-authenticate"), R"(Basic realm="tongs", charset="UTF-8")");
  for (const Client& other : {elsewhere, guesser, Client{client_.id, elsewhere.secret}, Client{"", "x"}}) {
    Parameters request = other.with(OAuthScene::client_credentials());
    if (other.id.empty()) request = OAuthScene::client_credentials();
    const auto answer = scene_.token(request);
    EXPECT_EQ(answer.status, expected.status);
    EXPECT_EQ(answer.body, expected.body);
  }
}

TEST_F(OAuthRefusals, ask_for_basic_whatever_was_tried) {
  for (const std::string credentials : {"Basic YTpi", "basic !", "Basic YTo=", "Bearer x", "Basic"}) {
    const auto answer =
        scene_.post("/oauth2/token", OAuthScene::client_credentials(), {{"authorization", credentials}});
    EXPECT_EQ(answer.status, 401) << credentials;
    EXPECT_EQ(answer.header("www-authenticate"), R"(Basic realm="tongs", charset="UTF-8")") << credentials;
  }
}

TEST_F(OAuthRefusals, meet_all_but_a_posted_form) {
  const auto send = [&](const std::string& method, const std::string& path, const std::string& type,
                        const std::string& body) {
    return scene_
        .send({.method = method, .url = scene_.url(path), .headers = {{"content-type", type}}, .body = body})
        .status;
  };
  const std::string form_type = "application/x-www-form-urlencoded";
  const std::string good = form(grant("client_credentials"));
  EXPECT_EQ(send("POST", "/oauth2/token", form_type + "; charset=UTF-8", good), 200);
  EXPECT_EQ(send("POST", "/oauth2/token", "application/json", good), 400);
  EXPECT_EQ(send("POST", "/oauth2/token?" + good, form_type, ""), 400);
  EXPECT_EQ(send("POST", "/oauth2/token", form_type, good + "&x=%zz"), 400);
  EXPECT_EQ(send("POST", "/oauth2/token", form_type, good + "&x=" + std::string(65'536, 'x')), 413);
  EXPECT_EQ(send("GET", "/oauth2/token", form_type, ""), 405);
  EXPECT_EQ(send("PUT", "/oauth2/revoke", form_type, good), 405);
  EXPECT_EQ(send("POST", "/.well-known/oauth-authorization-server", form_type, ""), 405);
  EXPECT_EQ(send("POST", "/oauth2/authorize", form_type, ""), 404);
}

TEST_F(OAuthRefusals, keep_web_pages_away) {
  for (const Header& header :
       {Header{"origin", "https://evil.example"}, Header{"sec-fetch-site", "cross-site"}}) {
    EXPECT_EQ(scene_.post("/oauth2/token", grant("client_credentials"), {header}).status, 403);
  }
}

TEST_F(OAuthRefusals, say_when_to_come_back_if_there_is_no_token) {
  scene_.tokens_down = true;
  const auto answer = scene_.token(client_.with(OAuthScene::exchange()));
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(member(answer, "error"), "temporarily_unavailable");
  EXPECT_NE(answer.header("retry-after"), "");
}

/// A JWT like those of clients, with these claims more or in place.
class Assertion {
 public:
  explicit Assertion(const OAuthScene& scene, const std::string& client)
      : claims_{{"iss", json_quote(client)},
                {"sub", json_quote(client)},
                {"aud", json_quote(scene.url(""))},
                {"exp", std::to_string(now() + 60)},
                {"jti", "\"1\""}} {}
  static std::int64_t now() { return Clock::system()->wall_now().time_since_epoch().count(); }
  /// An empty `json` takes the claim out.
  Assertion& set(const std::string& name, const std::string& json) {
    claims_[name] = json;
    return *this;
  }
  std::string signed_by(const jose::RsaPrivateKey& key, const std::string& kid = "k1") const {
    std::string payload;
    for (const auto& [name, json] : claims_) {
      if (!json.empty()) payload += (payload.empty() ? "{" : ",") + json_quote(name) + ":" + json;
    }
    return jose::sign_compact_jws(R"({"alg":"RS256","kid":)" + json_quote(kid) + "}", payload + "}", key)
        .value();
  }

 private:
  std::map<std::string, std::string> claims_;
};

class OAuthAssertions : public OAuthRefusals {
 protected:
  void SetUp() override {
    OAuthRefusals::SetUp();
    keyed_ = scene_.make_client(R"({"jwks":{"keys":[)" + key_.public_jwk("k1") + "]}}");
  }
  std::string as_client(const std::string& assertion) const {
    return refusal({{"grant_type", "client_credentials"},
                    {"client_assertion_type", kBearerType},
                    {"client_assertion", assertion}});
  }
  std::string as_grant(const std::string& assertion) const {
    return refusal({{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"}, {"assertion", assertion}});
  }
  Assertion assertion() const { return Assertion(scene_, keyed_.id); }
  Assertion for_user() const {
    return assertion()
        .set("iss", json_quote("urn:atlassian:connect:clientid:" + keyed_.id))
        .set("sub", "\"urn:atlassian:connect:useraccountid:557058:absent\"");
  }

  const jose::RsaPrivateKey key_ = jose::RsaPrivateKey::generate().value();
  const jose::RsaPrivateKey foreign_ = jose::RsaPrivateKey::generate().value();
  Client keyed_;
};

TEST_F(OAuthAssertions, prove_a_client_once) {
  EXPECT_EQ(keyed_.secret, "");
  const std::string good = assertion().signed_by(key_);
  EXPECT_EQ(as_client(good), "200 ");
  EXPECT_EQ(as_client(good), "401 invalid_client") << "a replay";
  EXPECT_EQ(as_client(assertion()
                          .set("jti", "\"2\"")
                          .set("aud", "[\"x\"," + json_quote(scene_.url("/oauth2/token")) + "]")
                          .signed_by(key_)),
            "200 ");
}

TEST_F(OAuthAssertions, that_are_wrong_prove_nothing) {
  const std::string refused = "401 invalid_client";
  const std::int64_t now = Assertion::now();
  EXPECT_EQ(as_client(assertion().signed_by(foreign_)), refused);
  EXPECT_EQ(as_client(assertion().signed_by(key_, "k2")), refused);
  EXPECT_EQ(as_client(assertion().set("aud", "\"https://elsewhere.example\"").signed_by(key_)), refused);
  EXPECT_EQ(as_client(assertion().set("exp", std::to_string(now - 60)).signed_by(key_)), refused);
  EXPECT_EQ(as_client(assertion().set("exp", std::to_string(now + 600)).signed_by(key_)), refused);
  EXPECT_EQ(as_client(assertion().set("exp", "").signed_by(key_)), refused);
  EXPECT_EQ(as_client(assertion().set("nbf", std::to_string(now + 120)).signed_by(key_)), refused);
  EXPECT_EQ(as_client(assertion().set("jti", "").signed_by(key_)), refused);
  EXPECT_EQ(as_client(assertion().set("iss", "\"somebody\"").signed_by(key_)), refused);
  EXPECT_EQ(as_client(Assertion(scene_, client_.id).signed_by(key_)), refused) << "a client without keys";
  EXPECT_EQ(as_client(Assertion(scene_, "tc_unknown").signed_by(key_)), refused);
  EXPECT_EQ(as_client("a.b.c"), refused);
}

TEST_F(OAuthAssertions, bring_the_token_of_a_user) {
  const std::string good = for_user().signed_by(key_);
  EXPECT_EQ(as_grant(good), "200 ");
  EXPECT_EQ(as_grant(good), "400 invalid_grant") << "a replay";
  EXPECT_EQ(as_grant(for_user().set("jti", "\"2\"").set("sub", "\"557058:absent\"").signed_by(key_)), "200 ");
  EXPECT_EQ(as_grant(for_user()
                         .set("jti", "\"3\"")
                         .set("sub", "\"urn:atlassian:connect:userkey:admin\"")
                         .signed_by(key_)),
            "400 invalid_grant");
  EXPECT_EQ(as_grant(for_user().signed_by(foreign_)), "400 invalid_grant");
  EXPECT_EQ(as_grant(for_user().set("jti", "").signed_by(key_)), "400 invalid_grant");
  EXPECT_EQ(as_grant(""), "400 invalid_request");
  EXPECT_EQ(refusal(client_.with({{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"},
                                  {"assertion", for_user().set("jti", "\"4\"").signed_by(key_)}})),
            "400 invalid_grant")
      << "signed by another client than the one that sends it";
}

TEST_F(OAuthAssertions, are_no_proof_for_who_has_no_key_though_he_knows_the_public_one) {
  const Client connect = scene_.make_client(R"({"connect":true})");
  EXPECT_EQ(
      as_grant(
          for_user().set("iss", json_quote("urn:atlassian:connect:clientid:" + connect.id)).signed_by(key_)),
      "400 invalid_grant")
      << "RS256 for a client that has a secret";
}

}  // namespace
}  // namespace tongs::gateway::testing
