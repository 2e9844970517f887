#pragma once
#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <tongs/fit.hpp>
#include <tongs/json.hpp>
#include <tongs/jwks.hpp>
#include <tongs/testing/fake_clock.hpp>
#include <tongs/testing/test_issuer.hpp>

#include "base/base64url.hpp"
#include "support/replaced.hpp"

namespace tongs::test {

/// Makes tokens of the descriptions in tests/conformance/jws/ (see the README there), with keys of its own.
class JwsCorpus {
 public:
  /// The files, in the order of their names.
  static std::vector<std::filesystem::path> topics() {
    std::vector<std::filesystem::path> files;
    for (const auto& entry :
         std::filesystem::directory_iterator(std::filesystem::path(TONGS_TEST_DATA) / "conformance/jws")) {
      if (entry.path().extension() == ".json") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
  }

  static JsonDocument read(const std::filesystem::path& topic) {
    std::ifstream file(topic, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    return JsonDocument::parse(text, {.unique_names = true}).value();
  }

  /// Its keys are the ones that a verifier is given.
  const testing::TestIssuer& published() const noexcept { return published_; }

  std::string token_of(JsonView test_case) const {
    const JsonView repeat = test_case["repeat"];
    const std::string header =
        test_case["header"] ? filled(*test_case["header"].string(), repeat) : published_.header();
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

  /// What we say of that token: `accepted`, or the name of the error code.
  std::string verdict_on(JsonView test_case, std::shared_ptr<KeySource> keys) const {
    const FitPolicy policy{.leeway = seconds_of(test_case, "leeway"),
                           .max_age = seconds_of(test_case, "max_age")};
    const auto verifier =
        FitVerifier::create(AppId::parse(testing::TestFit().app_id).value(), std::move(keys), policy,
                            std::make_shared<testing::FakeClock>(time_of(test_case)))
            .value();
    const auto verdict = verifier.verify(token_of(test_case));
    return verdict ? "accepted" : std::string(to_string(verdict.error().code()));
  }

  /// When it is checked.
  static WallTime time_of(JsonView test_case) {
    return testing::TestFit().issued_at + seconds_of(test_case, "at");
  }
  static std::chrono::seconds seconds_of(JsonView test_case, std::string_view name) {
    return std::chrono::seconds(test_case[name].integer().value_or(0));
  }

 private:
  static void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (std::size_t place = text.find(from); place != std::string::npos;
         place = text.find(from, place + to.size())) {
      text.replace(place, from.size(), to);
    }
  }

  static std::string repeated(JsonView pair) {
    std::string text;
    for (std::int64_t i = 0; pair && i < (*++pair.begin()).integer().value(); ++i)
      text += *(*pair.begin()).string();
    return text;
  }

  /// `text` with its placeholders filled in.
  std::string filled(std::string_view text, JsonView repeat) const {
    const std::string& kid = published_.kid();
    std::string upper = kid;
    for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    const auto stranger_keys = JsonDocument::parse(stranger_.jwks()).value();
    std::string out(text);
    replace_all(out, "${kid}", kid);
    replace_all(out, "${KID}", upper);
    replace_all(out, "${kid_tail}", kid.substr(kid.rfind('/') + 1));
    replace_all(out, "${app}", testing::TestFit().app_id);
    replace_all(out, "${stranger_n}", (*stranger_keys["keys"].begin())["n"].string_or({}));
    replace_all(out, "${repeat}", repeated(repeat));
    return out;
  }

  std::string signature_by_hmac(std::string_view input) const {
    const std::string secret = published_.jwks();
    std::array<unsigned char, EVP_MAX_MD_SIZE> code{};
    unsigned size = 0;
    HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
         reinterpret_cast<const unsigned char*>(input.data()), input.size(), code.data(), &size);
    return {reinterpret_cast<const char*>(code.data()), size};
  }

  std::string signed_token(std::string_view signer, const std::string& header,
                           const std::string& claims) const {
    if (signer == "published") return published_.sign(header, claims);
    if (signer == "stranger") return stranger_.sign(header, claims);
    const std::string input = base64url_encode(header) + '.' + base64url_encode(claims);
    if (signer == "hmac") return input + '.' + base64url_encode(signature_by_hmac(input));
    if (signer == "nobody") return input + '.';
    throw std::invalid_argument("no such signer");
  }

  static std::string edited(std::string token, std::string_view from, std::string_view to) {
    if (from == "^") return std::string(to) + token;
    if (from == "$") return token.append(to);
    return replaced(std::move(token), from, to);
  }

  static std::string with_other_bits(std::string token) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    token.back() =
        alphabet[alphabet.find(token.back()) ^ 1];  // 256 bytes of signature leave four bits unused
    return token;
  }

  testing::TestIssuer published_, stranger_;
};

}  // namespace tongs::test
