#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "gateway/egress/admission.hpp"
#include "gateway/egress/place.hpp"
#include "gateway/egress/upstream_headers.hpp"
#include "gateway/users.hpp"
#include "unit/gateway/request_of.hpp"

namespace tongs::gateway {
namespace {

using testing::request_of;

net::LocalGuard guard() { return {net::ListenAddress::parse("127.0.0.1:7072").value(), {}}; }

std::string reason(const Admission& admission, const net::RequestHead& request, const net::Peer& peer) {
  const auto refusal = admission.refusal(request, peer);
  return refusal ? std::string(refusal->reason) : "";
}

TEST(EgressAdmission, lets_programs_of_this_machine_in_and_no_web_page) {
  const Admission admission(guard(), {}, std::nullopt);
  const net::Peer peer{.address = "127.0.0.1"};
  EXPECT_EQ(reason(admission, request_of("GET", "/", {{"Host", "localhost:7072"}}), peer), "");
  for (const net::Field field :
       {net::Field{"Origin", "https://evil.example"}, net::Field{"Origin", "null"},
        net::Field{"Sec-Fetch-Site", "cross-site"}, net::Field{"Host", "evil.example"}}) {
    EXPECT_EQ(reason(admission, request_of("GET", "/", {field}), peer), "not_local") << field.name;
  }
}

TEST(EgressAdmission, looks_at_whose_process_is_behind_a_unix_socket) {
  const Admission admission(guard(), {4711}, std::nullopt);
  const auto request = request_of("GET", "/");
  const auto from = [&](std::optional<uid_t> user) {
    return reason(admission, request, {.address = "unix", .is_unix = true, .user = user});
  };
  EXPECT_EQ(from(0), "");
  EXPECT_EQ(from(::geteuid()), "");
  EXPECT_EQ(from(4711), "");
  EXPECT_EQ(from(4712), "user");
  EXPECT_EQ(from(std::nullopt), "user") << "nobody knows who that is";
}

TEST(EgressAdmission, wants_the_secret_once_and_whole) {
  const std::string secret = "s3cret-of-the-egress";
  const Admission admission(guard(), {}, Secret(secret));
  const net::Peer peer{.address = "127.0.0.1"};
  const auto with = [&](std::vector<net::Field> fields) {
    return reason(admission, request_of("GET", "/", std::move(fields)), peer);
  };
  EXPECT_EQ(with({{"Tongs-Egress-Secret", secret}}), "");
  EXPECT_EQ(with({{"tongs-egress-secret", " s3cret-of-the-egress "}}), "");
  EXPECT_EQ(with({}), "secret");
  EXPECT_EQ(with({{"Tongs-Egress-Secret", ""}}), "secret");
  EXPECT_EQ(with({{"Tongs-Egress-Secret", secret.substr(1)}}), "secret");
  EXPECT_EQ(with({{"Tongs-Egress-Secret", secret + "x"}}), "secret");
  EXPECT_EQ(with({{"Tongs-Egress-Secret", "guess"}, {"Tongs-Egress-Secret", secret}}), "secret");
  EXPECT_EQ(with({{"Tongs_Egress_Secret", secret}}), "secret");
}

TEST(EgressUsers, are_known_by_name_or_number) {
  EXPECT_EQ(uid_of("root"), 0U);
  EXPECT_EQ(uid_of("1234"), 1234U);
  for (const std::string bad : {"", "no-such-user-here", "-1", "99999999999", "12x"}) {
    EXPECT_EQ(uid_of(bad), std::nullopt) << bad;
  }
}

TEST(EgressPlace, finds_the_api_of_a_target) {
  struct Case {
    std::string target;
    std::optional<Api> api;
    std::string rest;
  };
  const std::vector<Case> cases = {
      {"/jira/rest/api/3/myself?expand=a", Api::jira, "/rest/api/3/myself?expand=a"},
      {"/jira/", Api::jira, "/"},
      {"/jira", {}, ""},
      {"/jira?a", {}, ""},
      {"/jirax/y", {}, ""},
      {"/jira@evil.example/y", {}, ""},
      {"/Jira/y", {}, ""},
      {"//jira/y", {}, ""},
      {"//evil.example/jira/x", {}, ""},
      {"/confluence/wiki/x", Api::confluence, "/wiki/x"},
      {"/bitbucket/2.0/x", Api::bitbucket, "/2.0/x"},
      {"/atlassian/graphql", Api::graphql, ""},
      {"/atlassian/graphql/", Api::graphql, ""},
      {"/atlassian/graphql?a=b", Api::graphql, "?a=b"},
      {"/atlassian/graphql/?a=b", Api::graphql, "?a=b"},
      {"/atlassian/graphqlx", {}, ""},
      {"/atlassian/graphql/x", {}, ""},
      {"/forge/storage/kvs/v1/get", Api::storage, "/get"},
      {"/forge/storage/kvs/v2/get", {}, ""},
      {"/", {}, ""},
      {"*", {}, ""},
      {"/v1/installations", {}, ""},
  };
  for (const Case& c : cases) {
    const auto place = place_of(c.target);
    EXPECT_EQ(place.has_value(), c.api.has_value()) << c.target;
    if (!place || !c.api) continue;
    EXPECT_EQ(place->api, *c.api) << c.target;
    EXPECT_EQ(place->target, c.rest) << c.target;
  }
}

TEST(EgressPlace, says_what_is_for_containers_alone) {
  for (const std::string path :
       {"/proxy/backend", "/forge/storage/os/v1/x", "/forge/storage/sql/v1/execute",
        "/forge/realtime/v1/publish", "/forge/webtrigger/url", "/forge/llm/claude",
        "/atlassian/forge/events/v1/async-events", "/atlassian/forge/installation/v1/dynamic/module"}) {
    const auto refused = refused_place(path);
    ASSERT_TRUE(refused) << path;
    EXPECT_EQ(refused->status, 501) << path;
  }
  for (const std::string path : {"/jira/x", "/forge/storage/kvs/v1/get", "/forge/llmx", "/"}) {
    EXPECT_FALSE(refused_place(path)) << path;
  }
}

TEST(EgressHeaders, keep_what_is_private_here) {
  for (const std::string_view name :
       {"Cookie", "x-forge-oauth-user", "X_Forge_Anything", "X-Forwarded-For", "forwarded", "Via",
        "X-Real-IP", "Forge-Account-Id", "forge_account_id", "Forge-Proxy-Authorization",
        "TONGS-Egress-Secret", "tongs_egress_secret"}) {
    EXPECT_TRUE(is_private_header(name)) << name;
  }
  for (const std::string_view name :
       {"Accept", "X-Atlassian-Token", "x-b3-traceid", "Content-Type", "x-forg"}) {
    EXPECT_FALSE(is_private_header(name)) << name;
  }
}

}  // namespace
}  // namespace tongs::gateway
