#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include <tongs/json.hpp>
#include <tongs/testing/test_issuer.hpp>

#include "jose/compact_jws.hpp"
#include "jose/rsa_private_key.hpp"

namespace tongs::testing {

namespace {

std::string random_uuid() {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string uuid = "xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx";
  std::random_device random;
  for (char& c : uuid) {
    if (c == 'x') c = digits[random() % digits.size()];
  }
  return uuid;
}

struct SigningKey {
  std::string kid = "forge/invocation-token/wf-" + random_uuid();
  jose::RsaPrivateKey key = jose::RsaPrivateKey::generate().value();
};

}  // namespace

struct TestIssuer::State {
  std::vector<SigningKey> keys = std::vector<SigningKey>(1);
};

TestIssuer::TestIssuer() : state_(std::make_unique<State>()) {}
TestIssuer::TestIssuer(TestIssuer&&) noexcept = default;
TestIssuer& TestIssuer::operator=(TestIssuer&&) noexcept = default;
TestIssuer::~TestIssuer() = default;

const std::string& TestIssuer::kid() const noexcept { return state_->keys.back().kid; }

std::string TestIssuer::jwks() const {
  std::string keys;
  for (const SigningKey& one : state_->keys) {
    if (!keys.empty()) keys += ',';
    keys += one.key.public_jwk(one.kid);
  }
  return R"({"keys":[)" + keys + "]}";
}

void TestIssuer::rotate() { state_->keys.emplace_back(); }

void TestIssuer::withdraw_old_keys() { state_->keys.erase(state_->keys.begin(), state_->keys.end() - 1); }

std::string TestIssuer::header() const { return R"({"alg":"RS256","kid":)" + json_quote(kid()) + "}"; }

std::string TestIssuer::sign(const TestFit& fit) const { return sign(fit.json()); }

std::string TestIssuer::sign(std::string_view claims_json) const { return sign(header(), claims_json); }

std::string TestIssuer::sign(std::string_view header_json, std::string_view claims_json) const {
  return jose::sign_compact_jws(header_json, claims_json, state_->keys.back().key).value();
}

}  // namespace tongs::testing
