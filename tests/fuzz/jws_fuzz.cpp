#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>

#include <tongs/fit.hpp>

#include "auth/fit_checker.hpp"
#include "base/base64url.hpp"
#include "jose/compact_jws.hpp"
#include "jose/key_id.hpp"

namespace {

constexpr std::size_t kLimit = 64 * 1024;

void demand(bool kept) {
  if (!kept) std::abort();
}

/// A token that was taken apart is the one spelling of its parts.
void check_parts(std::string_view token) {
  const auto jws = tongs::jose::parse_compact_jws(token, kLimit);
  if (!jws) return;
  demand(tongs::jose::is_key_id(jws->kid));
  demand(std::string(jws->signing_input) + '.' + tongs::base64url_encode(jws->signature) == token);
  demand(jws->signing_input.ends_with('.' + tongs::base64url_encode(jws->payload)));
}

/// A token that passed the free checks is for our app and alive.
void check_claims(std::string_view token) {
  static const auto audience = tongs::AppId::parse("app").value();
  constexpr tongs::WallTime now{std::chrono::seconds(1'700'175'149)};
  const auto fit = tongs::detail::FitChecker::check(token, {}, std::span(&audience, 1), now);
  if (!fit) return;
  const tongs::FitClaims& claims = fit->unverified_claims();
  demand(claims.app_id == audience);
  demand(now < claims.expires_at + std::chrono::seconds(30));
  demand(now >= claims.not_before - std::chrono::seconds(30));
  demand(!claims.jti.empty());
}

}  // namespace

/// The first byte says what the rest is: a whole token, a JOSE header, or the claims.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  std::string token(text);
  if (data[0] == 'h') token = tongs::base64url_encode(text) + ".e30.AAAA";
  if (data[0] == 'c') {
    token = tongs::base64url_encode(R"({"alg":"RS256","kid":"k"})") + '.' + tongs::base64url_encode(text) +
            ".AAAA";
  }
  check_parts(token);
  check_claims(token);
  return 0;
}
