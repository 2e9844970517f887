#include "base/base64url.hpp"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace tongs {

namespace {

TEST(Base64Url, EncodesTheVectorsOfRfc4648WithoutPadding) {
  EXPECT_EQ(base64url_encode(""), "");
  EXPECT_EQ(base64url_encode("f"), "Zg");
  EXPECT_EQ(base64url_encode("fo"), "Zm8");
  EXPECT_EQ(base64url_encode("foo"), "Zm9v");
  EXPECT_EQ(base64url_encode("foob"), "Zm9vYg");
  EXPECT_EQ(base64url_encode("fooba"), "Zm9vYmE");
  EXPECT_EQ(base64url_encode("foobar"), "Zm9vYmFy");
}

TEST(Base64Url, UsesTheUrlAlphabet) { EXPECT_EQ(base64url_encode("\xfb\xff\xbf"), "-_-_"); }

TEST(Base64Url, DecodesWhatItEncodes) {
  std::string bytes;
  for (int length = 0; length < 300; ++length) {
    EXPECT_EQ(base64url_decode(base64url_encode(bytes)), bytes);
    bytes.push_back(static_cast<char>(length * 37));
  }
}

TEST(Base64Url, RefusesPadding) {
  for (const std::string_view text : {"Zg==", "Zm8=", "Zm9v=", "=", "Zg=", "===="}) {
    EXPECT_FALSE(base64url_decode(text)) << text;
  }
}

TEST(Base64Url, RefusesAnImpossibleLength) {
  for (const std::string_view text : {"A", "AAAAA", "AAAAAAAAA"})
    EXPECT_FALSE(base64url_decode(text)) << text;
}

TEST(Base64Url, RefusesEveryForeignByteInEveryPlace) {
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    const bool known =
        (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    if (known) continue;
    for (const std::string_view good : {"AAAA", "AAAAAA", "AAAAAAA"}) {
      for (std::size_t place = 0; place < good.size(); ++place) {
        std::string text(good);
        text[place] = c;
        EXPECT_FALSE(base64url_decode(text)) << byte << " at " << place << " of " << good.size();
      }
    }
  }
}

TEST(Base64Url, KnowsOneTextForEachSequenceOfBytes) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  int of_one_byte = 0, of_two_bytes = 0;
  for (const char last : alphabet) {
    of_one_byte += base64url_decode(std::string("A") + last) ? 1 : 0;
    of_two_bytes += base64url_decode(std::string("AA") + last) ? 1 : 0;
  }
  EXPECT_EQ(of_one_byte, 4);    // two bits count, four must be zero
  EXPECT_EQ(of_two_bytes, 16);  // four bits count, two must be zero
}

}  // namespace

}  // namespace tongs
