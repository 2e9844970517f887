#include "jose/compact_jws.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <tongs/json.hpp>

#include "base/base64url.hpp"
#include "jose/key_id.hpp"
#include "jose/rsa_private_key.hpp"

namespace tongs::jose {

namespace {

struct Parts {
  std::string_view header, payload, signature;
};

std::optional<Parts> split(std::string_view token) noexcept {
  const std::size_t first = token.find('.');
  if (first == std::string_view::npos) return std::nullopt;
  const std::size_t second = token.find('.', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const Parts parts{token.substr(0, first), token.substr(first + 1, second - first - 1),
                    token.substr(second + 1)};
  if (parts.signature.find('.') != std::string_view::npos) return std::nullopt;
  return parts;
}

bool is_jwt_type(std::string_view type) noexcept {
  constexpr std::string_view wanted = "jwt";
  return std::equal(type.begin(), type.end(), wanted.begin(), wanted.end(),
                    [](char given, char letter) { return given == letter || given == letter - ('a' - 'A'); });
}

Error malformed(const char* what) { return {Errc::token_malformed, what}; }
Error not_base64url() { return malformed("a part of the token is not canonical base64url"); }

Error wrong_algorithm(Algorithm expected) {
  return {Errc::algorithm_not_allowed, expected == Algorithm::rs256 ? "the token is not signed with RS256"
                                                                    : "the token is not signed with HS256"};
}

/// The `kid` of a header that asks for nothing but `expected`.
Result<std::string> read_header(std::string_view json, Algorithm expected) {
  const auto document = JsonDocument::parse(json, {.unique_names = true});
  if (!document)
    return malformed("the JOSE header is not JSON with unique names").with_cause(document.error());
  const JsonView header = document->root();
  const auto algorithm = header["alg"].string();
  if (!algorithm) return malformed("the JOSE header names no alg");
  if (*algorithm != (expected == Algorithm::rs256 ? "RS256" : "HS256")) return wrong_algorithm(expected);
  if (header["crit"] || header["zip"]) return malformed("the JOSE header asks for an extension: crit or zip");
  if (header["b64"] && !header["b64"].boolean().value_or(false)) {
    return malformed("the JOSE header asks for an unencoded payload: b64");
  }
  if (header["typ"] && !is_jwt_type(header["typ"].string_or({}))) {
    return malformed("the JOSE header's typ is not JWT");
  }
  const auto kid = header["kid"].string();
  if (!header["kid"] && expected == Algorithm::hs256) return std::string();
  if (!kid || !is_key_id(*kid))
    return malformed("the JOSE header has no kid of 1 to 256 printable characters");
  return std::string(*kid);
}

/// The `kid` of an encoded header. All tokens of one key have one header: the last good one is remembered.
Result<std::string> kid_of(std::string_view encoded, Algorithm expected) {
  struct Known {
    std::string encoded, kid;
    Algorithm algorithm{};
  };
  thread_local Known known;
  if (!encoded.empty() && encoded == known.encoded && expected == known.algorithm) return known.kid;
  const auto json = base64url_decode(encoded);
  if (!json) return not_base64url();
  auto kid = read_header(*json, expected);
  if (kid) known = {std::string(encoded), *kid, expected};
  return kid;
}

}  // namespace

Result<CompactJws> parse_compact_jws(std::string_view token, std::size_t max_bytes, Algorithm expected) {
  if (token.size() > max_bytes) return malformed("the token is longer than the policy allows");
  const auto parts = split(token);
  if (!parts) return malformed("the token is not three parts with a dot between them");
  auto kid = kid_of(parts->header, expected);
  if (!kid) return std::move(kid).error();
  auto payload = base64url_decode(parts->payload);
  auto signature = base64url_decode(parts->signature);
  if (!payload || !signature) return not_base64url();
  if (payload->empty()) return malformed("the payload of the token is empty");
  if (signature->empty()) return malformed("the token is not signed");
  return CompactJws{.kid = *std::move(kid),
                    .signing_input = token.substr(0, parts->header.size() + 1 + parts->payload.size()),
                    .payload = *std::move(payload),
                    .signature = *std::move(signature)};
}

Result<std::string> sign_compact_jws(std::string_view header_json, std::string_view payload,
                                     const RsaPrivateKey& key) {
  std::string token = base64url_encode(header_json) + '.' + base64url_encode(payload);
  auto signature = key.sign_rs256(token);
  if (!signature) return std::move(signature).error();
  return std::move(token) + '.' + base64url_encode(*signature);
}

}  // namespace tongs::jose
