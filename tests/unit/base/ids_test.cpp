#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_set>

#include <gtest/gtest.h>

#include <tongs/ids.hpp>

namespace tongs {

namespace {

constexpr std::string_view kUuid = "0a3a7799-53ae-4a5b-9e7e-03338980abb5";
const std::string kInstallation = "ari:cloud:ecosystem::installation/" + std::string(kUuid);

static_assert(!std::is_constructible_v<AccountId, std::string>, "only parse makes an id");
static_assert(!std::is_convertible_v<AppId, InstallationId>, "kinds do not mix");

TEST(InstallationId, IsTheSameFromAriAndBareUuid) {
  const auto from_ari = InstallationId::parse(kInstallation), from_uuid = InstallationId::parse(kUuid);
  ASSERT_TRUE(from_ari && from_uuid);
  EXPECT_EQ(*from_ari, *from_uuid);
  EXPECT_EQ(from_ari->str(), kInstallation);
  EXPECT_EQ(from_ari->bare(), kUuid);
}

TEST(InstallationId, RefusesWhatIsNone) {
  for (const std::string_view text :
       {"", "ari:cloud:ecosystem::installation/", "ari:cloud:ecosystem::app/8db33809",
        "ari:cloud:ecosystem::installation", "ari:cloud:ecosystem::installation/a/b",
        "ari:cloud:ecosystem::installation//b", "ari:cloud:ecosystem::installation/a/", "a/b", "a b", "a,b",
        "a=b", "a\r\nb", "a\"b", "\xc3\xa9", "ARI:cloud:ecosystem::installation/a", "{0a3a7799}"}) {
    const auto id = InstallationId::parse(text);
    ASSERT_FALSE(id) << text;
    EXPECT_EQ(id.error().code(), Errc::invalid_argument);
  }
  EXPECT_FALSE(InstallationId::parse(std::string_view("a\0b", 3)));
}

TEST(InstallationId, ItsErrorDoesNotRepeatTheText) {
  const auto id = InstallationId::parse("secret value");
  EXPECT_EQ(id.error().describe().find("secret"), std::string::npos);
}

TEST(InstallationId, IsNoLongerThan255BytesInItsCanonicalForm) {
  const std::size_t room = 255 - (kInstallation.size() - kUuid.size());
  EXPECT_TRUE(InstallationId::parse(std::string(room, 'a')));
  EXPECT_FALSE(InstallationId::parse(std::string(room + 1, 'a')));
}

TEST(AppId, IsTheSameFromAriAndBareUuid) {
  EXPECT_EQ(*AppId::parse("ari:cloud:ecosystem::app/x"), *AppId::parse("x"));
  EXPECT_FALSE(AppId::parse("ari:cloud:ecosystem::app/x/y"));
  EXPECT_FALSE(AppId::parse("ari:cloud:ecosystem::environment/x"));
}

TEST(EnvironmentId, IsTheSameInAllItsForms) {
  const auto expected = EnvironmentId::parse("ari:cloud:ecosystem::environment/env");
  ASSERT_TRUE(expected);
  EXPECT_EQ(*EnvironmentId::parse("ari:cloud:ecosystem::environment/app/env"), *expected);
  EXPECT_EQ(*EnvironmentId::parse("env"), *expected);
  EXPECT_EQ(expected->bare(), "env");
}

TEST(EnvironmentId, RefusesMoreThanTwoSegmentsAndEmptyOnes) {
  for (const std::string_view text :
       {"ari:cloud:ecosystem::environment/a/b/c", "ari:cloud:ecosystem::environment//env",
        "ari:cloud:ecosystem::environment/app/", "ari:cloud:ecosystem::environment/a b/env", "app/env"}) {
    EXPECT_FALSE(EnvironmentId::parse(text)) << text;
  }
}

TEST(AccountId, TakesTheFormsOfAtlassian) {
  for (const std::string_view text :
       {"655362:312d3308-8954-42b0-aa38-771a10c88656", "5b10ac8d82e05b22cc7d4ef5",
        "qm:9f2c-x:user@example.com", "712020:abc_DEF~1+2"}) {
    const auto id = AccountId::parse(text);
    ASSERT_TRUE(id) << text;
    EXPECT_EQ(id->str(), text);
    EXPECT_EQ(id->bare(), text);
  }
}

TEST(AccountId, RefusesWhatCouldEndAFieldOfTheProxysGrammar) {
  for (const std::string_view text :
       {"a,b", "a=b", "a b", "a;b", "a\nb", "a\tb", "a/b", "a\"b", "a\\b", "", "a%2cb"}) {
    EXPECT_FALSE(AccountId::parse(text)) << text;
  }
  EXPECT_TRUE(AccountId::parse(std::string(255, 'a')));
  EXPECT_FALSE(AccountId::parse(std::string(256, 'a')));
}

TEST(CloudId, IsOneSegment) {
  EXPECT_TRUE(CloudId::parse("d0d52620-3203-4cfa-8db5-f2587155f0dd"));
  for (const std::string_view text : {"", "a/b", "..", "a.b", "a:b"})
    EXPECT_FALSE(CloudId::parse(text)) << text;
}

TEST(ContextAri, KeepsItsTextAndKnowsItsLastSegment) {
  const auto jira = ContextAri::parse("ari:cloud:jira::site/d0d52620");
  ASSERT_TRUE(jira);
  EXPECT_EQ(jira->str(), "ari:cloud:jira::site/d0d52620");
  EXPECT_EQ(jira->bare(), "d0d52620");
  EXPECT_TRUE(ContextAri::parse("ari:cloud:bitbucket::workspace/{b7ea02c9}"));
  for (const std::string_view text : {"", "d0d52620", "ari:cloud:jira::site/a b", "ari:local:x/y"}) {
    EXPECT_FALSE(ContextAri::parse(text)) << text;
  }
}

TEST(Id, OrdersAndHashesByItsText) {
  const auto a = *AppId::parse("a"), b = *AppId::parse("b");
  EXPECT_LT(a, b);
  const std::unordered_set<AppId> set{a, b, *AppId::parse("ari:cloud:ecosystem::app/a")};
  EXPECT_EQ(set.size(), 2u);
}

}  // namespace

}  // namespace tongs
