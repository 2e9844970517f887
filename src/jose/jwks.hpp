#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <tongs/result.hpp>

#include "jose/rsa_public_key.hpp"

namespace tongs::jose {

struct NamedKey {
  std::string kid;
  std::shared_ptr<const RsaPublicKey> key;
};

/// The usable keys of a JWK set. A `kid` stands for one key.
using KeySet = std::vector<NamedKey>;

/// The key of that name, or null.
std::shared_ptr<const RsaPublicKey> find_key(const KeySet& keys, std::string_view kid) noexcept;

/// Do both sets give the same key for every `kid`?
bool same_keys(const KeySet& a, const KeySet& b) noexcept;

struct JwksLimits {
  std::size_t max_bytes = std::size_t{64} * 1024;
  std::size_t max_keys = 32;  ///< members of `keys`, usable or not
};

/// Reads a JWK set (RFC 7517 5). A key that we cannot use is passed over, as the RFC asks: not RSA, `use`
/// other than `sig`, `key_ops` without `verify`, `alg` other than RS256, no `kid`, outside the sizes of
/// RsaPublicKey. Errors: malformed_response (not a JWK set, larger than the limits, one name or one `kid`
/// twice, nothing usable), internal.
Result<KeySet> parse_jwks(std::string_view json, const JwksLimits& limits);

}  // namespace tongs::jose
