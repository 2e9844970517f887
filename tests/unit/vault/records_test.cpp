#include "vault/records.hpp"

#include <gtest/gtest.h>

#include "support/vault_fixture.hpp"

namespace tongs::vault {
namespace {

using testing::at;
using testing::installation;

Token token(std::string_view secret, std::int64_t ends) { return {Secret(secret), at(ends), at(0)}; }

TEST(Supersedes, takes_what_there_is_when_nothing_is_held) {
  EXPECT_TRUE(supersedes(nullptr, token("a", 100), at(99)));
}

TEST(Supersedes, takes_the_one_that_lives_longer) {
  const Token held = token("a", 100);
  EXPECT_TRUE(supersedes(&held, token("b", 101), at(0)));
  EXPECT_FALSE(supersedes(&held, token("b", 100), at(0))) << "the same end: keep what is held";
  EXPECT_FALSE(supersedes(&held, token("b", 99), at(0)));
}

TEST(Supersedes, never_takes_an_absent_or_ended_one) {
  EXPECT_FALSE(supersedes(nullptr, token("", 100), at(0)));
  EXPECT_FALSE(supersedes(nullptr, token("a", 100), at(100))) << "its end is now";
  const Token ended = token("a", 50);
  EXPECT_FALSE(supersedes(&ended, token("b", 90), at(100)));
}

TEST(Merged, keeps_what_an_invocation_does_not_say) {
  const Installation known = installation(1);
  Installation seen{.id = known.id, .app = known.app};
  seen.updated_at = at(2000);
  const Installation now = merged(known, seen);
  EXPECT_TRUE(same_facts(now, known));
  EXPECT_EQ(now.updated_at, at(2000));
  EXPECT_FALSE(tells_news(known, seen));
}

TEST(Merged, takes_what_is_new) {
  const Installation known = installation(1);
  Installation seen{.id = known.id, .app = known.app};
  seen.app_version = "17";
  seen.license_active = false;
  seen.auth_trigger_url = Secret("https://trigger.example/rotated");
  EXPECT_TRUE(tells_news(known, seen));
  const Installation now = merged(known, seen);
  EXPECT_EQ(now.app_version, "17");
  EXPECT_EQ(now.license_active, false);
  EXPECT_EQ(now.auth_trigger_url.reveal(), "https://trigger.example/rotated");
  EXPECT_EQ(now.contexts, known.contexts);
}

TEST(Merged, an_invocation_proves_that_the_app_is_installed_again) {
  Installation known = installation(1);
  known.state = InstallationState::uninstalled;
  Installation seen = installation(1);
  seen.installed_at = at(5000);
  const Installation now = merged(known, seen);
  EXPECT_TRUE(now.serves());
  EXPECT_EQ(now.installed_at, at(5000));
}

TEST(Merged, no_invocation_gives_a_revoked_consent_back) {
  Installation known = installation(1);
  known.revoked = true;
  EXPECT_FALSE(merged(known, installation(1)).serves());
  known.state = InstallationState::uninstalled;
  EXPECT_TRUE(merged(known, installation(1)).revoked);
}

TEST(Merged, keeps_the_moment_of_installation_and_both_ids) {
  const Installation known = installation(1);
  Installation seen = installation(1);
  seen.installed_at = at(9999);
  EXPECT_EQ(merged(known, seen).installed_at, at(1000));
}

TEST(TellsNews, agrees_with_merged_for_each_fact_alone) {
  const Installation known = installation(1);
  const auto change = [&](auto edit) {
    Installation seen{.id = known.id, .app = known.app};
    edit(seen);
    EXPECT_TRUE(tells_news(known, seen));
    EXPECT_FALSE(same_facts(known, merged(known, seen)));
  };
  change([](Installation& i) { i.app = *AppId::parse("other"); });
  change([](Installation& i) { i.app_version = "x"; });
  change([](Installation& i) { i.environment_type = "x"; });
  change([](Installation& i) { i.environment_id = "x"; });
  change([](Installation& i) { i.contexts = {{"x", "", "", ""}}; });
  change([](Installation& i) { i.context = *ContextAri::parse("ari:cloud:x"); });
  change([](Installation& i) { i.api_base_url = "x"; });
  change([](Installation& i) { i.license_active = false; });
  change([](Installation& i) { i.auth_trigger_url = Secret("x"); });
}

}  // namespace
}  // namespace tongs::vault
