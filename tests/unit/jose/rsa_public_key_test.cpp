#include "jose/rsa_public_key.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "base/base64url.hpp"
#include "unit/jose/keys.hpp"

namespace tongs::jose {

namespace {

using KeyPtr = std::shared_ptr<const RsaPublicKey>;

const std::string kExponent("\x01\x00\x01", 3);

/// An odd number of that many bits. No key can be made for it, which no test needs.
std::string modulus_of(unsigned bits) {
  std::string bytes((bits + 7) / 8, '\x5a');
  bytes.front() = static_cast<char>(1U << ((bits - 1) % 8));
  bytes.back() = '\x5b';
  return bytes;
}

TEST(RsaPublicKey, VerifiesTheExampleOfRfc7515) {
  const KeyPtr key =
      RsaPublicKey::create(
          *base64url_decode(
              "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4"
              "d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5re"
              "xMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxX"
              "FvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"),
          kExponent)
          .value();
  constexpr std::string_view input =
      "eyJhbGciOiJSUzI1NiJ9."
      "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cn"
      "VlfQ";
  const std::string signature = *base64url_decode(
      "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_"
      "O8W2Fp5jujGbds9uJdbF9CUAr7t1d"
      "nZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_"
      "dO--xi12jzDwu"
      "sC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_"
      "IoypGlUPQGe77R"
      "w");
  EXPECT_TRUE(key->verify_rs256(input, signature));
}

TEST(RsaPublicKey, RefusesASignatureWithAnyByteChanged) {
  const KeyPtr key = some_key().public_key();
  const std::string good = some_key().sign_rs256("input").value();
  ASSERT_TRUE(key->verify_rs256("input", good));
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string changed = good;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    const auto verdict = key->verify_rs256("input", changed);
    ASSERT_FALSE(verdict) << i;
    EXPECT_EQ(verdict.error().code(), Errc::signature_invalid);
  }
}

TEST(RsaPublicKey, RefusesAnyOtherInput) {
  const KeyPtr key = some_key().public_key();
  const std::string good = some_key().sign_rs256("input").value();
  for (const std::string_view input : {"", "inpuT", "input ", "inpu"})
    EXPECT_FALSE(key->verify_rs256(input, good));
}

TEST(RsaPublicKey, RefusesASignatureOfAnotherLength) {
  const KeyPtr key = some_key().public_key();
  const std::string good = some_key().sign_rs256("input").value();
  for (const std::string& bad : std::vector<std::string>{
           std::string(), good.substr(1), good.substr(0, 255), good + '\0', '\0' + good,
           std::string(256, '\0'), std::string(255, '\0') + '\x01', std::string(256, '\xff')}) {
    EXPECT_EQ(key->verify_rs256("input", bad).error().code(), Errc::signature_invalid) << bad.size();
  }
}

TEST(RsaPublicKey, RefusesTheSignatureOfAnotherKey) {
  const std::string foreign = other_key().sign_rs256("input").value();
  EXPECT_EQ(some_key().public_key()->verify_rs256("input", foreign).error().code(), Errc::signature_invalid);
}

TEST(RsaPublicKey, LeavesNothingInTheErrorQueueOfTheThread) {
  ERR_clear_error();
  EXPECT_FALSE(some_key().public_key()->verify_rs256("input", "no signature"));
  EXPECT_EQ(ERR_peek_error(), 0u);
}

TEST(RsaPublicKey, KeepsWhatOthersPutIntoTheErrorQueue) {
  ERR_clear_error();
  ERR_raise(ERR_LIB_USER, 7);
  EXPECT_FALSE(some_key().public_key()->verify_rs256("input", "no signature"));
  EXPECT_EQ(ERR_GET_REASON(ERR_get_error()), 7);
  EXPECT_EQ(ERR_peek_error(), 0u);
}

TEST(RsaPublicKey, HasAnOddModulusOf2048To8192Bits) {
  for (const unsigned bits : {2048U, 2049U, 3072U, 4096U, 8192U}) {
    EXPECT_TRUE(RsaPublicKey::create(modulus_of(bits), kExponent)) << bits;
  }
  for (const unsigned bits : {8U, 1024U, 2047U, 8193U, 16384U}) {
    EXPECT_EQ(RsaPublicKey::create(modulus_of(bits), kExponent).error().code(), Errc::invalid_argument)
        << bits;
  }
  EXPECT_FALSE(RsaPublicKey::create("", kExponent));
  std::string even = modulus_of(2048);
  even.back() = '\x5a';
  EXPECT_FALSE(RsaPublicKey::create(even, kExponent));
}

TEST(RsaPublicKey, HasAnOddExponentFrom3To32Bits) {
  const std::string modulus = modulus_of(2048);
  for (const std::string& good : std::vector<std::string>{"\x03", "\x11", kExponent, "\xff\xff\xff\xff"}) {
    EXPECT_TRUE(RsaPublicKey::create(modulus, good)) << base64url_encode(good);
  }
  for (const std::string& bad :
       std::vector<std::string>{std::string(), std::string(1, '\0'), "\x01", "\x02",
                                std::string("\x01\x00\x00", 3), std::string("\x01\x00\x00\x00\x01", 5)}) {
    EXPECT_FALSE(RsaPublicKey::create(modulus, bad)) << base64url_encode(bad);
  }
}

TEST(RsaPublicKey, DoesNotCountLeadingZeros) {
  EXPECT_TRUE(RsaPublicKey::create('\0' + modulus_of(2048), '\0' + kExponent));
  EXPECT_FALSE(RsaPublicKey::create(std::string(200, '\0') + modulus_of(1024), kExponent));
}

TEST(RsaPublicKey, IsEqualByModulusAndExponent) {
  const auto a = RsaPublicKey::create(modulus_of(2048), kExponent).value();
  EXPECT_TRUE(*a == *RsaPublicKey::create('\0' + modulus_of(2048), kExponent).value());
  EXPECT_FALSE(*a == *RsaPublicKey::create(modulus_of(2049), kExponent).value());
  EXPECT_FALSE(*a == *RsaPublicKey::create(modulus_of(2048), "\x03").value());
}

TEST(RsaPublicKey, VerifiesWithMoreKeysThanAThreadKeepsContextsFor) {
  std::vector<RsaPrivateKey> keys;
  std::vector<std::string> signatures;
  for (int i = 0; i < 10; ++i) {
    keys.push_back(RsaPrivateKey::generate().value());
    signatures.push_back(keys.back().sign_rs256("input").value());
  }
  for (int round = 0; round < 3; ++round) {
    for (std::size_t i = 0; i < keys.size(); ++i) {
      EXPECT_TRUE(keys[i].public_key()->verify_rs256("input", signatures[i]));
      EXPECT_FALSE(keys[i].public_key()->verify_rs256("input", signatures[(i + 1) % keys.size()]));
    }
  }
}

TEST(RsaPublicKey, ADestroyedKeyIsNeverMistakenForALaterOne) {
  const std::string mine = some_key().sign_rs256("input").value();
  for (int round = 0; round < 100; ++round) {
    auto foreign = RsaPublicKey::create(modulus_of(2048 + static_cast<unsigned>(round)), kExponent).value();
    EXPECT_FALSE(foreign->verify_rs256("input", mine));
    foreign.reset();  // its memory may be given to the next one
    EXPECT_TRUE(some_key().public_key()->verify_rs256("input", mine));
  }
}

TEST(RsaPublicKey, VerifiesOnManyThreadsAndOutlivesThem) {
  const KeyPtr key = some_key().public_key();
  const std::string good = some_key().sign_rs256("input").value();
  for (int generation = 0; generation < 3; ++generation) {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        for (int n = 0; n < 25; ++n) {
          EXPECT_TRUE(key->verify_rs256("input", good));
          EXPECT_FALSE(key->verify_rs256("other", good));
        }
      });
    }
  }
}

}  // namespace

}  // namespace tongs::jose
