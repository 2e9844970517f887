// The corpus in jws/: every entry is a token, built here from its description, and the one right answer.

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <tongs/fit.hpp>
#include <tongs/json.hpp>
#include <tongs/jwks.hpp>
#include <tongs/testing/fake_clock.hpp>
#include <tongs/testing/test_issuer.hpp>

#include "base/base64url.hpp"
#include "support/replaced.hpp"

namespace tongs {

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> topics() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(fs::path(TONGS_TEST_DATA) / "conformance/jws")) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t place = text.find(from); place != std::string::npos;
       place = text.find(from, place + to.size())) {
    text.replace(place, from.size(), to);
  }
}

const testing::TestIssuer& published() {
  static const auto* const made = new testing::TestIssuer;
  return *made;
}
const testing::TestIssuer& stranger() {
  static const auto* const made = new testing::TestIssuer;
  return *made;
}

std::string repeated(JsonView pair) {
  std::string text;
  for (std::int64_t i = 0; pair && i < (*++pair.begin()).integer().value(); ++i)
    text += *(*pair.begin()).string();
  return text;
}

/// `text` with its placeholders filled in.
std::string filled(std::string_view text, JsonView repeat) {
  const std::string& kid = published().kid();
  std::string upper = kid;
  for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  const auto stranger_keys = JsonDocument::parse(stranger().jwks()).value();
  std::string out(text);
  replace_all(out, "${kid}", kid);
  replace_all(out, "${KID}", upper);
  replace_all(out, "${kid_tail}", kid.substr(kid.rfind('/') + 1));
  replace_all(out, "${app}", testing::TestFit().app_id);
  replace_all(out, "${stranger_n}", (*stranger_keys["keys"].begin())["n"].string_or({}));
  replace_all(out, "${repeat}", repeated(repeat));
  return out;
}

std::string signature_by_hmac(std::string_view input) {
  const std::string secret = published().jwks();
  std::array<unsigned char, EVP_MAX_MD_SIZE> code{};
  unsigned size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(input.data()), input.size(), code.data(), &size);
  return {reinterpret_cast<const char*>(code.data()), size};
}

std::string signed_token(std::string_view signer, const std::string& header, const std::string& claims) {
  if (signer == "published") return published().sign(header, claims);
  if (signer == "stranger") return stranger().sign(header, claims);
  const std::string input = base64url_encode(header) + '.' + base64url_encode(claims);
  if (signer == "hmac") return input + '.' + base64url_encode(signature_by_hmac(input));
  if (signer == "nobody") return input + '.';
  throw std::invalid_argument("no such signer");
}

std::string edited(std::string token, std::string_view from, std::string_view to) {
  if (from == "^") return std::string(to) + token;
  if (from == "$") return token.append(to);
  return replaced(std::move(token), from, to);
}

std::string with_other_bits(std::string token) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  token.back() = alphabet[alphabet.find(token.back()) ^ 1];  // 256 bytes of signature leave four bits unused
  return token;
}

std::string token_of(JsonView test_case) {
  const JsonView repeat = test_case["repeat"];
  const std::string header =
      test_case["header"] ? filled(*test_case["header"].string(), repeat) : published().header();
  std::string claims =
      test_case["claims"] ? filled(*test_case["claims"].string(), repeat) : testing::TestFit().json();
  for (const JsonView pair : test_case["replace"]) {
    claims = replaced(std::move(claims), filled(*(*pair.begin()).string(), {}),
                      filled(*(*++pair.begin()).string(), repeat));
  }
  std::string token = signed_token(test_case["signer"].string_or("published"), header, claims);
  for (const JsonView pair : test_case["edit"]) {
    token = edited(std::move(token), *(*pair.begin()).string(), *(*++pair.begin()).string());
  }
  return test_case["last"].string() == "other-bits" ? with_other_bits(std::move(token)) : token;
}

/// The published keys, and how often somebody asked for one.
class CountedKeys final : public KeySource {
 public:
  Result<std::shared_ptr<const jose::RsaPublicKey>> find(std::string_view kid,
                                                         const CallOptions& call) override {
    ++questions;
    return keys_->find(kid, call);
  }
  int questions = 0;

 private:
  std::shared_ptr<KeySource> keys_ = static_keys(published().jwks()).value();
};

std::string verdict_on(JsonView test_case, CountedKeys& counted) {
  const auto seconds = [&](const char* name) {
    return std::chrono::seconds(test_case[name].integer().value_or(0));
  };
  const FitPolicy policy{.leeway = seconds("leeway"), .max_age = seconds("max_age")};
  const auto clock = std::make_shared<testing::FakeClock>(testing::TestFit().issued_at + seconds("at"));
  const std::shared_ptr<KeySource> keys(std::shared_ptr<void>(), &counted);
  const auto verifier =
      FitVerifier::create(AppId::parse(testing::TestFit().app_id).value(), keys, policy, clock).value();
  const auto verdict = verifier.verify(token_of(test_case));
  return verdict ? "accepted" : std::string(to_string(verdict.error().code()));
}

class JwsCorpus : public ::testing::TestWithParam<fs::path> {};

TEST_P(JwsCorpus, EveryTokenMeetsItsRightAnswer) {
  const auto document = JsonDocument::parse(content(GetParam()), {.unique_names = true}).value();
  std::set<std::string_view> names;
  for (const JsonView test_case : document["cases"]) {
    const std::string_view name = *test_case["name"].string(), expected = *test_case["expect"].string();
    SCOPED_TRACE(name);
    EXPECT_TRUE(names.insert(name).second) << "two cases of one name";
    CountedKeys counted;
    EXPECT_EQ(verdict_on(test_case, counted), expected);
    const bool needs_key =
        expected == "accepted" || expected == "signature_invalid" || expected == "key_unknown";
    EXPECT_EQ(counted.questions, needs_key ? 1 : 0) << "what is wrong for free costs no key";
  }
  EXPECT_GE(names.size(), 10U) << "is this the file?";
}

INSTANTIATE_TEST_SUITE_P(Jws, JwsCorpus, ::testing::ValuesIn(topics()),
                         [](const auto& topic) { return topic.param.stem().string(); });

}  // namespace

}  // namespace tongs
