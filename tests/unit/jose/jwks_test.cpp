#include "jose/jwks.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "support/replaced.hpp"
#include "unit/jose/keys.hpp"

namespace tongs::jose {

namespace {

std::string set_of(std::string_view keys) { return "{\"keys\":[" + std::string(keys) + "]}"; }

/// `jwk` without its closing brace, then `member`.
std::string with(std::string jwk, std::string_view member) {
  jwk.pop_back();
  return jwk.append(",").append(member).append("}");
}

const std::string& jwk() {
  static const auto* const text = new std::string(some_key().public_jwk("a"));
  return *text;
}

TEST(Jwks, GivesEachKeyByItsKid) {
  const auto keys = parse_jwks(set_of(jwk() + "," + other_key().public_jwk("b/c")), {});
  ASSERT_TRUE(keys);
  EXPECT_EQ(keys->size(), 2u);
  EXPECT_TRUE(*find_key(*keys, "a") == *some_key().public_key());
  EXPECT_TRUE(*find_key(*keys, "b/c") == *other_key().public_key());
  for (const std::string_view kid : {"", "A", "a ", "b", "b/"})
    EXPECT_EQ(find_key(*keys, kid), nullptr) << kid;
}

TEST(Jwks, TakesAKeyWithoutUseAndAlg) {
  const std::string bare = replaced(replaced(jwk(), R"("use":"sig",)", ""), R"("alg":"RS256",)", "");
  EXPECT_TRUE(parse_jwks(set_of(bare), {}));
  EXPECT_TRUE(parse_jwks(set_of(with(jwk(), R"("key_ops":["verify"])")), {}));
  EXPECT_TRUE(parse_jwks(set_of(with(jwk(), R"("x5t":"AAAA","unknown":{})")), {}));
}

TEST(Jwks, PassesOverKeysThatWeCannotUse) {
  const std::string usable = other_key().public_jwk("usable");
  for (const std::string& useless :
       std::vector<std::string>{replaced(jwk(), R"("kty":"RSA")", R"("kty":"EC")"),
                                replaced(jwk(), R"("kty":"RSA")", R"("kty":"oct")"),
                                replaced(jwk(), R"("kty":"RSA",)", ""),
                                replaced(jwk(), R"("use":"sig")", R"("use":"enc")"),
                                replaced(jwk(), R"("use":"sig")", R"("use":null)"),
                                replaced(jwk(), "RS256", "RS512"),
                                replaced(jwk(), "RS256", "HS256"),
                                replaced(jwk(), R"("kid":"a",)", ""),
                                replaced(jwk(), R"("kid":"a")", R"("kid":"")"),
                                replaced(jwk(), R"("kid":"a")", R"("kid":7)"),
                                replaced(jwk(), R"("kid":"a")", R"("kid":"a\n")"),
                                replaced(jwk(), "AQAB", "AQ"),
                                replaced(jwk(), "AQAB", "AQAC"),
                                replaced(jwk(), "AQAB", "AQAB="),
                                replaced(jwk(), R"("n":")", R"("n":"!)"),
                                replaced(jwk(), R"("n":)", R"("N":)"),
                                with(jwk(), R"("key_ops":["sign"])"),
                                with(jwk(), R"("key_ops":"verify")"),
                                std::string(R"({"kty":"RSA","kid":"a","n":"u","e":"AQAB"})"),
                                "{}",
                                "null",
                                "[]",
                                "7"}) {
    const auto keys = parse_jwks(set_of(useless + "," + usable), {});
    ASSERT_TRUE(keys) << useless;
    EXPECT_EQ(keys->size(), 1u) << useless;
    EXPECT_EQ(parse_jwks(set_of(useless), {}).error().code(), Errc::malformed_response) << useless;
  }
}

TEST(Jwks, RefusesWhatIsNoSet) {
  for (const std::string& text : std::vector<std::string>{
           std::string(), "{}", "[]", "null", set_of(""), jwk(), "{\"keys\":" + jwk() + "}",
           "{\"keys\":{\"a\":" + jwk() + "}}", std::string(R"({"keys":null})"), "<html>", set_of(jwk()) + "x",
           set_of(jwk()).substr(0, 300)}) {
    const auto keys = parse_jwks(text, {});
    ASSERT_FALSE(keys) << text.substr(0, 40);
    EXPECT_EQ(keys.error().code(), Errc::malformed_response);
  }
}

TEST(Jwks, RefusesOneKidForTwoKeys) {
  EXPECT_FALSE(parse_jwks(set_of(jwk() + "," + other_key().public_jwk("a")), {}));
  EXPECT_FALSE(parse_jwks(set_of(jwk() + "," + jwk()), {}));
  EXPECT_TRUE(parse_jwks(set_of(jwk() + "," + replaced(jwk(), R"("kty":"RSA")", R"("kty":"EC")")), {}))
      << "a key that is passed over takes no name";
}

TEST(Jwks, RefusesAMemberThatStandsTwice) {
  EXPECT_FALSE(parse_jwks(set_of(with(jwk(), R"("kid":"b")")), {}));
  EXPECT_FALSE(parse_jwks(R"({"keys":[],"keys":[)" + jwk() + "]}", {}));
}

TEST(Jwks, KeepsToItsLimits) {
  const std::string text = set_of(jwk());
  EXPECT_TRUE(parse_jwks(text, {.max_bytes = text.size(), .max_keys = 1}));
  EXPECT_FALSE(parse_jwks(text, {.max_bytes = text.size() - 1, .max_keys = 1}));
  EXPECT_FALSE(parse_jwks(set_of(jwk() + ",{}"), {.max_bytes = 65536, .max_keys = 1}));
}

TEST(SameKeys, LooksAtNamesAndKeysButNotAtOrder) {
  const auto a = some_key().public_key(), b = other_key().public_key();
  const KeySet set{{"a", a}, {"b", b}};
  EXPECT_TRUE(same_keys(set, {{"b", b}, {"a", a}}));
  EXPECT_TRUE(same_keys({}, {}));
  EXPECT_FALSE(same_keys(set, {{"a", a}}));
  EXPECT_FALSE(same_keys(set, {{"a", b}, {"b", a}}));
  EXPECT_FALSE(same_keys(set, {{"a", a}, {"c", b}}));
}

}  // namespace

}  // namespace tongs::jose
