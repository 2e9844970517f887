#include "jose/jwks.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include <tongs/json.hpp>

#include "base/base64url.hpp"
#include "jose/key_id.hpp"

namespace tongs::jose {

namespace {

bool absent_or(JsonView member, std::string_view wanted) noexcept {
  return !member || member.string() == wanted;
}

bool may_verify(JsonView operations) noexcept {
  return !operations || std::any_of(operations.begin(), operations.end(),
                                    [](JsonView name) { return name.string() == "verify"; });
}

bool is_for_rs256(JsonView jwk) noexcept {
  return jwk["kty"].string() == "RSA" && absent_or(jwk["use"], "sig") && absent_or(jwk["alg"], "RS256") &&
         may_verify(jwk["key_ops"]);
}

/// Errors: invalid_argument (a key, but none for us), internal.
Result<NamedKey> read_key(JsonView jwk) {
  const std::string_view kid = jwk["kid"].string_or({});
  const auto modulus = base64url_decode(jwk["n"].string_or({}));
  const auto exponent = base64url_decode(jwk["e"].string_or({}));
  if (!is_for_rs256(jwk) || !is_key_id(kid) || !modulus || !exponent) {
    return Error(Errc::invalid_argument, "the key is not one for RS256 signatures");
  }
  return RsaPublicKey::create(*modulus, *exponent).transform([&](std::shared_ptr<const RsaPublicKey> key) {
    return NamedKey{std::string(kid), std::move(key)};
  });
}

Error malformed(const char* what) { return {Errc::malformed_response, what}; }

}  // namespace

std::shared_ptr<const RsaPublicKey> find_key(const KeySet& keys, std::string_view kid) noexcept {
  const auto found = std::find_if(keys.begin(), keys.end(), [&](const NamedKey& k) { return k.kid == kid; });
  return found == keys.end() ? nullptr : found->key;
}

bool same_keys(const KeySet& a, const KeySet& b) noexcept {
  return a.size() == b.size() && std::all_of(a.begin(), a.end(), [&](const NamedKey& one) {
           const auto other = find_key(b, one.kid);
           return other && *other == *one.key;
         });
}

Result<KeySet> parse_jwks(std::string_view json, const JwksLimits& limits) {
  const auto document = JsonDocument::parse(json, {.max_bytes = limits.max_bytes, .unique_names = true});
  if (!document) return malformed("the key set is not JSON of the allowed size").with_cause(document.error());
  const JsonView members = (*document)["keys"];
  if (members.kind() != JsonView::Kind::array) return malformed("the key set has no array named keys");
  if (members.size() > limits.max_keys) return malformed("the key set has more keys than the policy allows");
  KeySet keys;
  for (const JsonView jwk : members) {
    auto key = read_key(jwk);
    if (!key && key.error().code() == Errc::invalid_argument) continue;
    if (!key) return std::move(key).error();
    if (find_key(keys, key->kid)) return malformed("the key set has one kid twice");
    keys.push_back(*std::move(key));
  }
  if (keys.empty()) return malformed("the key set has no RSA key of 2048 bits or more for RS256 signatures");
  return keys;
}

}  // namespace tongs::jose
