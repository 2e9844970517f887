#include <memory>
#include <utility>

#include <tongs/jwks.hpp>

#include "jose/jwks.hpp"

namespace tongs {

namespace {

class StaticKeySource final : public KeySource {
 public:
  explicit StaticKeySource(jose::KeySet keys) noexcept : keys_(std::move(keys)) {}

  Result<std::shared_ptr<const jose::RsaPublicKey>> find(std::string_view kid, const CallOptions&) override {
    auto key = jose::find_key(keys_, kid);
    if (!key) return Error(Errc::key_unknown, "the key set has no key of the name that the token gives");
    return key;
  }

 private:
  const jose::KeySet keys_;
};

}  // namespace

Result<std::shared_ptr<KeySource>> static_keys(std::string_view jwks_json) {
  auto keys = jose::parse_jwks(jwks_json, {});
  if (!keys) return std::move(keys).error();
  return std::shared_ptr<KeySource>(std::make_shared<StaticKeySource>(*std::move(keys)));
}

}  // namespace tongs
