#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <tongs/result.hpp>

namespace tongs::jose {

class RsaPrivateKey;

/// What a token may be signed with. The reader says which: never the token alone.
enum class Algorithm : std::uint8_t {
  rs256,  ///< RSA (RFC 7518 3.3); the header must name its key
  hs256   ///< a shared secret (RFC 7518 3.2); there is one, so a `kid` is not asked for
};

/// A compact JWS (RFC 7515 7.1) whose form is right and whose signature nobody has looked at.
struct CompactJws {
  std::string kid;                 ///< empty if a header of HS256 has none
  std::string_view signing_input;  ///< what was signed: the first two parts with their dot, in the token
  std::string payload;
  std::string signature;
};

/// Takes a token apart. There is one way to write each token: exactly three parts, none of them empty, each
/// the canonical base64url of its bytes. The header is a JSON object with unique names, `alg` as expected, a
/// `kid` and, if any, `typ` JWT. Extensions are refused, because not understanding one means not
/// understanding the token: `crit`, `zip`, `b64` other than true (RFC 7515 4.1.11, RFC 7516 4.1.3, RFC 7797).
/// Keys that a token brings along (`jwk`, `jku`, `x5c`, `x5u`) are never looked at. Errors: token_malformed,
/// algorithm_not_allowed.
Result<CompactJws> parse_compact_jws(std::string_view token, std::size_t max_bytes,
                                     Algorithm expected = Algorithm::rs256);

/// The compact JWS of `payload` under `header_json`, which is taken as it is. Errors: internal.
Result<std::string> sign_compact_jws(std::string_view header_json, std::string_view payload,
                                     const RsaPrivateKey& key);

}  // namespace tongs::jose
