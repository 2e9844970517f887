#include "emulator/platform/token_mint.hpp"

#include <array>
#include <iterator>
#include <sstream>
#include <utility>

#include <boost/json/parse.hpp>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include "base/base64url.hpp"
#include "emulator/base/json_text.hpp"

namespace tongs::emulator {

namespace {

constexpr std::array<std::string_view, 3> kKinds{"system", "user", "offline"};
/// A cached token with less than this left is not handed out any more, promise or not.
constexpr Millis kLeastLife = std::chrono::minutes(5);
/// What a stale token has left.
constexpr Millis kStaleLife = std::chrono::minutes(30);

std::string hmac_sha256(const Secret& key, std::string_view input) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  unsigned length = 0;
  HMAC(EVP_sha256(), key.reveal().data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(input.data()), input.size(), digest.data(), &length);
  return {reinterpret_cast<const char*>(digest.data()), length};
}

std::string cache_key(const TokenGrant& grant) {
  return grant.installation + ' ' + std::string(to_string(grant.kind)) + ' ' + grant.account;
}

/// As OAuth writes a list of scopes (RFC 9068 2.2.3).
std::string words(const std::vector<std::string>& list) {
  std::string text;
  for (const std::string& word : list) text.append(text.empty() ? "" : " ").append(word);
  return text;
}

std::vector<std::string> words_in(std::string_view text) {
  std::istringstream stream{std::string(text)};
  return {std::istream_iterator<std::string>(stream), {}};
}

json::object claims_of(const TokenGrant& grant, Random& random, PlatformTime now) {
  return {{"iss", "tongs-emulator"},
          {"aud", grant.cloud_id},
          {"sub", grant.account},
          {"use", to_string(grant.kind)},
          {"installation", grant.installation},
          {"scope", words(grant.scopes)},
          {"iat", unix_seconds(now)},
          {"exp", unix_seconds(grant.expires_at)},
          {"jti", random_hex(random, 16)}};
}

std::optional<TokenKind> parse_kind(std::string_view text) noexcept {
  for (std::size_t i = 0; i < kKinds.size(); ++i) {
    if (kKinds[i] == text) return static_cast<TokenKind>(i);
  }
  return std::nullopt;
}

TokenGrant grant_of(const json::object& claims) {
  TokenGrant grant;
  grant.kind = parse_kind(claims.at("use").as_string()).value_or(TokenKind::system);
  grant.installation = claims.at("installation").as_string();
  grant.cloud_id = claims.at("aud").as_string();
  grant.account = claims.at("sub").as_string();
  grant.scopes = words_in(claims.at("scope").as_string());
  grant.expires_at = PlatformTime(std::chrono::seconds(claims.at("exp").as_int64()));
  return grant;
}

}  // namespace

std::string_view to_string(TokenKind kind) noexcept { return kKinds[static_cast<std::size_t>(kind)]; }

std::string fingerprint_of(std::string_view token) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(token.data()), token.size(), digest.data());
  return "sha256:" + hex(digest).substr(0, 12);
}

MintedToken TokenMint::make(TokenGrant grant, PlatformTime expires_at, Random& random,
                            PlatformTime now) const {
  grant.expires_at = std::chrono::floor<std::chrono::seconds>(expires_at);
  std::string token = base64url_encode(R"({"alg":"HS256","typ":"JWT"})") + '.' +
                      base64url_encode(json_text(claims_of(grant, random, now)));
  token += '.' + base64url_encode(hmac_sha256(key_, token));
  grant.fingerprint = fingerprint_of(token);
  return {Secret::take(std::move(token)), std::move(grant), false};
}

MintedToken TokenMint::mint(TokenGrant grant, TokenFreshness freshness, const Behaviour& behaviour,
                            Random& random, PlatformTime now) {
  if (freshness == TokenFreshness::stale) return make(std::move(grant), now + kStaleLife, random, now);
  const std::string key = cache_key(grant);
  const Millis needed = freshness == TokenFreshness::guaranteed ? behaviour.token_minimum : kLeastLife;
  const auto known = cache_.find(key);
  if (known != cache_.end() && known->second.grant.expires_at - now >= needed &&
      known->second.grant.scopes == grant.scopes) {
    return {known->second.token.duplicate(), known->second.grant, true};
  }
  MintedToken made = make(std::move(grant), now + behaviour.token_life, random, now);
  cache_.insert_or_assign(key, Cached{made.token.duplicate(), made.grant});
  return made;
}

MintedToken TokenMint::mint_offline(TokenGrant grant, const Behaviour& behaviour, Random& random,
                                    PlatformTime now) {
  return make(std::move(grant), now + behaviour.offline_token_life, random, now);
}

std::variant<TokenGrant, TokenMint::Refusal> TokenMint::recognise(std::string_view token,
                                                                  PlatformTime now) const {
  const auto end_of_header = token.find('.');
  const auto end_of_claims = token.rfind('.');
  if (end_of_header == std::string_view::npos || end_of_header == end_of_claims) return Refusal::not_ours;
  const auto signature = base64url_decode(token.substr(end_of_claims + 1));
  const std::string expected = hmac_sha256(key_, token.substr(0, end_of_claims));
  if (!signature || signature->size() != expected.size() ||
      CRYPTO_memcmp(signature->data(), expected.data(), expected.size()) != 0) {
    return Refusal::not_ours;
  }
  const auto claims = base64url_decode(token.substr(end_of_header + 1, end_of_claims - end_of_header - 1));
  TokenGrant grant = grant_of(json::parse(*claims).as_object());  // signed by us, so it has our shape
  grant.fingerprint = fingerprint_of(token);
  if (grant.expires_at <= now) return Refusal::expired;
  return grant;
}

void TokenMint::forget(std::string_view installation) {
  const std::string prefix = std::string(installation) + ' ';
  std::erase_if(cache_, [&](const auto& entry) { return entry.first.starts_with(prefix); });
}

}  // namespace tongs::emulator
