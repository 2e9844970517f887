#include "jose/compact_jws.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/base64url.hpp"
#include "unit/jose/keys.hpp"

namespace tongs::jose {

namespace {

constexpr std::size_t kLimit = 16 * 1024;
constexpr std::string_view kHeader = R"({"alg":"RS256","kid":"forge/invocation-token/wf-1"})";

std::string token(std::string_view header, std::string_view payload = "{}",
                  std::string_view signature = "signature") {
  return base64url_encode(header) + '.' + base64url_encode(payload) + '.' + base64url_encode(signature);
}

/// The code of the refusal, or `internal` if there was none.
Errc refusal(std::string_view text, std::size_t limit = kLimit) {
  const auto jws = parse_compact_jws(text, limit);
  return jws ? Errc::internal : jws.error().code();
}

TEST(CompactJws, IsTakenApart) {
  const std::string text = token(kHeader, R"({"iss":"x"})", "bytes");
  const auto jws = parse_compact_jws(text, kLimit);
  ASSERT_TRUE(jws);
  EXPECT_EQ(jws->kid, "forge/invocation-token/wf-1");
  EXPECT_EQ(jws->payload, R"({"iss":"x"})");
  EXPECT_EQ(jws->signature, "bytes");
  EXPECT_EQ(jws->signing_input, text.substr(0, text.rfind('.')));
}

TEST(CompactJws, WhatWeSignIsTakenApartAndVerifies) {
  const std::string text = sign_compact_jws(kHeader, "{}", some_key()).value();
  const auto jws = parse_compact_jws(text, kLimit);
  ASSERT_TRUE(jws);
  EXPECT_TRUE(some_key().public_key()->verify_rs256(jws->signing_input, jws->signature));
}

TEST(CompactJws, EachTokenHasTheKidOfItsOwnHeader) {
  const std::string first = token(R"({"alg":"RS256","kid":"first"})");
  const std::string second = token(R"({"alg":"RS256","kid":"second"})");
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(parse_compact_jws(first, kLimit)->kid, "first");
    EXPECT_EQ(parse_compact_jws(first, kLimit)->kid, "first");
    EXPECT_EQ(parse_compact_jws(second, kLimit)->kid, "second");
    EXPECT_EQ(refusal(token(R"({"alg":"none","kid":"second"})")), Errc::algorithm_not_allowed);
  }
}

TEST(CompactJws, HasExactlyThreePartsNoneOfThemEmpty) {
  const std::string good = token(kHeader);
  const std::string head = base64url_encode(kHeader);
  ASSERT_EQ(refusal(good), Errc::internal);
  for (const std::string& bad : std::vector<std::string>{
           std::string(), ".", "..", "...", head, head + ".e30", head + ".e30.", head + "..AAAA", ".e30.AAAA",
           good + ".AAAA", good + ".", "." + good, "a.b.c.d.e"}) {
    EXPECT_EQ(refusal(bad), Errc::token_malformed) << bad;
  }
}

TEST(CompactJws, HasOneSpelling) {
  const std::string good =
      token(kHeader, "{}", "signatur");  // eight bytes: the last character has unused bits
  ASSERT_EQ(refusal(good), Errc::internal);
  std::string other_bits = good;
  other_bits.back() = static_cast<char>(other_bits.back() + 1);
  for (const std::string& bad :
       std::vector<std::string>{other_bits, good + "=", good + " ", " " + good, good + "\n",
                                good + std::string(1, '\0'), "Bearer " + good, good + "%"}) {
    EXPECT_EQ(refusal(bad), Errc::token_malformed) << bad;
  }
}

TEST(CompactJws, IsNoLongerThanTheLimit) {
  const std::string good = token(kHeader);
  EXPECT_EQ(refusal(good, good.size()), Errc::internal);
  EXPECT_EQ(refusal(good, good.size() - 1), Errc::token_malformed);
}

TEST(CompactJws, IsSignedWithRs256AndNothingElse) {
  for (const std::string_view alg :
       {"none", "None", "NONE", "nOnE", "", "HS256", "HS512", "RS384", "RS512", "PS256", "ES256", "EdDSA",
        "rs256", "RS256 ", " RS256", "RS256\\u0000", "RSA"}) {
    EXPECT_EQ(refusal(token(R"({"kid":"k","alg":")" + std::string(alg) + "\"}")), Errc::algorithm_not_allowed)
        << alg;
  }
}

TEST(CompactJws, AnUnsecuredTokenIsCalledWhatItIs) {
  EXPECT_EQ(refusal(token(R"({"alg":"none","kid":"k"})", "{}", "")), Errc::algorithm_not_allowed);
}

TEST(CompactJws, TheHeadersSpellingIsThatOfJson) {
  EXPECT_EQ(refusal(token(R"({ "\u0061lg" : "\u0052S256", "kid" : "k" })")), Errc::internal);
}

TEST(CompactJws, TheHeaderIsAnObjectWithAlgAndKid) {
  for (const std::string_view header :
       {"", "null", "[]", "\"RS256\"", "{}", R"({"alg":"RS256"})", R"({"kid":"k"})",
        R"({"alg":null,"kid":"k"})", R"({"alg":["RS256"],"kid":"k"})", R"({"alg":1,"kid":"k"})",
        R"({"ALG":"RS256","kid":"k"})", R"({"alg":"RS256","kid":null})", R"({"alg":"RS256","kid":7})",
        R"({"alg":"RS256","kid":["k"]})", R"({"alg":"RS256","kid":""})", R"({"alg":"RS256","kid":"k")",
        R"({"alg":"RS256","kid":"k"} )"
        "x"}) {
    EXPECT_EQ(refusal(token(header)), Errc::token_malformed) << header;
  }
}

TEST(CompactJws, NoNameStandsTwiceInTheHeader) {
  for (const std::string_view header :
       {R"({"alg":"none","alg":"RS256","kid":"k"})", R"({"alg":"RS256","alg":"RS256","kid":"k"})",
        R"({"alg":"RS256","kid":"a","kid":"b"})", R"({"alg":"RS256","kid":"a","k\u0069d":"b"})"}) {
    EXPECT_EQ(refusal(token(header)), Errc::token_malformed) << header;
  }
}

TEST(CompactJws, TheKidHas1To256PrintableCharacters) {
  const auto with_kid = [](std::string_view kid) {
    return token(R"({"alg":"RS256","kid":")" + std::string(kid) + "\"}");
  };
  EXPECT_EQ(refusal(with_kid(std::string(256, 'k'))), Errc::internal);
  EXPECT_EQ(refusal(with_kid(std::string(257, 'k'))), Errc::token_malformed);
  for (const std::string_view kid : {"../../etc/passwd", "' OR 1=1 --", "http://evil/jwks.json", "a b"}) {
    EXPECT_EQ(refusal(with_kid(kid)), Errc::internal) << "a name like any other: " << kid;
  }
  for (const std::string_view kid : {"a\\r\\nb", "a\\u0000b", "a\\tb", "\\u007f", "é", "\\u202e"}) {
    EXPECT_EQ(refusal(with_kid(kid)), Errc::token_malformed) << kid;
  }
}

TEST(CompactJws, ExtensionsAreRefused) {
  const auto with = [](std::string_view member) {
    return token(R"({"alg":"RS256","kid":"k",)" + std::string(member) + "}");
  };
  for (const std::string_view member :
       {R"("crit":["exp"])", R"("crit":[])", R"("crit":null)", R"("crit":["b64"],"b64":true)",
        R"("zip":"DEF")", R"("zip":null)", R"("b64":false)", R"("b64":null)", R"("b64":"false")",
        R"("typ":"JOSE")", R"("typ":"at+jwt")", R"("typ":null)", R"("typ":["JWT"])", R"("typ":"")",
        R"("typ":"JW")", R"("typ":"JWTT")"}) {
    EXPECT_EQ(refusal(with(member)), Errc::token_malformed) << member;
  }
  for (const std::string_view member : {R"("typ":"JWT")", R"("typ":"jwt")", R"("typ":"JwT")", R"("b64":true)",
                                        R"("cty":"JWT")", R"("x-unknown":{"a":[1]})"}) {
    EXPECT_EQ(refusal(with(member)), Errc::internal) << member;
  }
}

TEST(CompactJws, KeysThatATokenBringsAlongChangeNothing) {
  const auto jws = parse_compact_jws(
      token(R"({"alg":"RS256","kid":"k","jwk":{"kty":"RSA","n":"AQAB","e":"AQAB","kid":"evil"},
                        "jku":"https://evil.example/jwks","x5u":"https://evil.example/x","x5c":["AAAA"]})"),
      kLimit);
  ASSERT_TRUE(jws);
  EXPECT_EQ(jws->kid, "k");
}

TEST(CompactJws, ADeepHeaderIsRefusedWithoutDeepRecursion) {
  const std::string deep = std::string(5000, '[') + std::string(5000, ']');
  EXPECT_EQ(refusal(token(R"({"alg":"RS256","kid":"k","x":)" + deep + "}"), 64 * 1024),
            Errc::token_malformed);
}

TEST(CompactJws, ErrorsDoNotRepeatTheToken) {
  const auto jws = parse_compact_jws(token(R"({"alg":"secret-algorithm","kid":"k"})"), kLimit);
  ASSERT_FALSE(jws);
  EXPECT_EQ(jws.error().describe().find("secret"), std::string::npos);
}

}  // namespace

}  // namespace tongs::jose
