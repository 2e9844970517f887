#include "emulator/platform/key_ring.hpp"

#include <utility>

#include "base/base64url.hpp"
#include "emulator/base/json_text.hpp"

namespace tongs::emulator {

Result<SigningKey> SigningKey::generate(std::string kid) {
  return jose::RsaPrivateKey::generate().transform(
      [&](jose::RsaPrivateKey key) { return SigningKey(std::move(kid), std::move(key)); });
}

Result<SigningKey> SigningKey::from_pem(std::string kid, std::string_view pem) {
  return jose::RsaPrivateKey::from_pem(pem).transform(
      [&](jose::RsaPrivateKey key) { return SigningKey(std::move(kid), std::move(key)); });
}

Result<std::string> SigningKey::sign(const json::object& claims) const {
  const json::object header{{"alg", "RS256"}, {"kid", kid_}};
  std::string token = base64url_encode(json_text(header)) + '.' + base64url_encode(json_text(claims));
  auto signature = key_->sign_rs256(token);
  if (!signature) return std::move(signature).error();
  return token + '.' + base64url_encode(*signature);
}

Result<KeyRing> KeyRing::create(Random& random) {
  return SigningKey::generate(fit_kid(random)).transform([](SigningKey key) {
    return KeyRing(std::vector{std::move(key)});
  });
}

Result<std::vector<std::string>> KeyRing::rotate(Random& random, bool overlap) {
  auto fresh = SigningKey::generate(fit_kid(random));
  if (!fresh) return std::move(fresh).error();
  keys_.insert(keys_.begin(), *std::move(fresh));
  std::vector<std::string> withdrawn;
  while (keys_.size() > (overlap ? kMostKeys : 1)) {
    withdrawn.push_back(keys_.back().kid());
    keys_.pop_back();
  }
  return withdrawn;
}

std::string KeyRing::jwks() const {
  std::string text = R"({"keys":[)";
  for (const auto& key : keys_) {
    if (&key != &keys_.front()) text += ',';
    text += key.public_jwk();
  }
  return text + "]}";
}

std::string fit_kid(Random& random) { return "forge/invocation-token/wf-" + random_uuid(random); }

}  // namespace tongs::emulator
