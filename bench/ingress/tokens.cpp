// Signs the invocation tokens of the ingress benchmark, and writes what a server needs to verify them.
//
//   ingress_tokens FOLDER COUNT DAYS
//
//   FOLDER/tokens.txt   COUNT good tokens, one a line, all different, which live for DAYS
//   FOLDER/bad.txt      `WHAT TOKEN` a line: tokens that nobody may accept
//   FOLDER/jwks.json    the public key, as Forge publishes it
//   FOLDER/public.pem   the same in another form
//   FOLDER/about.json   the app that the tokens are for, their issuer, and when they end

#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tongs/clock.hpp>
#include <tongs/json.hpp>
#include <tongs/testing/test_issuer.hpp>

#include "event_fit.hpp"
#include "public_pem.hpp"
#include "sockets.hpp"

namespace {

using namespace tongs;
using bench::EventFit;
using testing::TestIssuer;

/// Forge's form of a `jti`: 40 hexadecimal digits (contract 2.2).
std::string jti(std::uint64_t number) {
  const std::uint64_t spread = (number + 1) * 0x9e3779b97f4a7c15U;
  char text[41];
  std::snprintf(text, sizeof text, "%016lx%016lx%08x", spread, spread * spread,
                static_cast<unsigned>(number));
  return text;
}

/// Issued a minute ago, so that no clock is behind it.
EventFit fit_for(std::chrono::days life) {
  EventFit fit;
  fit.issued_at = Clock::system()->wall_now() - std::chrono::minutes(1);
  fit.life = life;
  return fit;
}

std::vector<std::string> good_tokens(const TestIssuer& issuer, EventFit fit, std::size_t count) {
  std::vector<std::string> tokens;
  for (std::size_t i = 0; i < count; ++i) {
    fit.jti = jti(i);
    tokens.push_back(issuer.sign(fit.json()));
  }
  return tokens;
}

/// The claims of one token under the signature of another.
std::string with_signature_of(const std::string& signed_token, const std::string& token) {
  return token.substr(0, token.rfind('.')) + signed_token.substr(signed_token.rfind('.'));
}

std::vector<std::string> bad_tokens(const TestIssuer& issuer, const EventFit& good,
                                    const std::string& token) {
  EventFit expired = good, other_app = good, other_issuer = good, elsewhere = good;
  expired.issued_at -= std::chrono::hours(1);
  expired.life = std::chrono::seconds(25);
  other_app.app_id = "ari:cloud:ecosystem::app/00000000-1f32-48bb-8c52-5877dab48107";
  other_issuer.issuer = "forge/another-token";
  elsewhere.installation_id = "ari:cloud:ecosystem::installation/00000000-53ae-4a5b-9e7e-03338980abb5";
  const std::string unsigned_header = R"({"alg":"none","kid":)" + json_quote(issuer.kid()) + "}";
  return {"forged " + TestIssuer().sign(issuer.header(), good.json()),
          "changed " + with_signature_of(token, issuer.sign(elsewhere.json())),
          "expired " + issuer.sign(expired.json()),
          "other-app " + issuer.sign(other_app.json()),
          "other-issuer " + issuer.sign(other_issuer.json()),
          "unsigned " + issuer.sign(unsigned_header, good.json())};
}

std::string about(const EventFit& fit) {
  const auto ends = (fit.issued_at + fit.life).time_since_epoch().count();
  return R"({"app_id":)" + json_quote(fit.app_id) + R"(,"issuer":)" + json_quote(fit.issuer) + R"(,"ends":)" +
         std::to_string(ends) + "}\n";
}

std::string lines(const std::vector<std::string>& all) {
  std::string text;
  for (const std::string& line : all) text += line + '\n';
  return text;
}

void write(const std::filesystem::path& path, std::string_view text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  if (!file.flush()) bench::die(path.c_str());
}

template <class Number>
Number number(const char* text) {
  Number value = 0;
  std::from_chars(text, text + std::strlen(text), value);
  return value;
}

}  // namespace

int main(int count, char** arguments) {
  const std::size_t tokens = count == 4 ? number<std::size_t>(arguments[2]) : 0;
  const int days = count == 4 ? number<int>(arguments[3]) : 0;
  if (tokens == 0 || days == 0) {
    std::fputs("usage: ingress_tokens FOLDER COUNT DAYS\n", stderr);
    return 2;
  }
  const std::filesystem::path folder = arguments[1];
  const TestIssuer issuer;
  const EventFit fit = fit_for(std::chrono::days(days));
  const std::vector<std::string> good = good_tokens(issuer, fit, tokens);
  write(folder / "tokens.txt", lines(good));
  write(folder / "bad.txt", lines(bad_tokens(issuer, fit, good.front())));
  write(folder / "jwks.json", issuer.jwks());
  write(folder / "public.pem", bench::public_pem(issuer.jwks()));
  write(folder / "about.json", about(fit));  // last: it says that the others are whole
}
