// What a verified invocation costs, against the signature alone. Each iteration takes another token, so
// nothing can be remembered. Compare rows of one run only: `verify` over `signature, bare OpenSSL` is the
// price of everything else, and `openssl speed rsa2048` on the same machine is the price of the bare RSA
// operation.

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <benchmark/benchmark.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <tongs/fit.hpp>
#include <tongs/jwks.hpp>
#include <tongs/testing/fake_clock.hpp>
#include <tongs/testing/test_issuer.hpp>

#include "auth/fit_checker.hpp"
#include "base/base64url.hpp"
#include "jose/compact_jws.hpp"
#include "jose/rsa_private_key.hpp"

namespace tongs {

namespace {

constexpr std::size_t kTokens = 512;

/// Distinct tokens of one issuer, signed before the clock runs.
struct Tokens {
  testing::TestIssuer issuer;
  testing::TestFit fit;
  std::vector<std::string> all;

  Tokens() {
    for (std::size_t i = 0; i < kTokens; ++i) {
      fit.jti = "jti-" + std::to_string(i);
      all.push_back(issuer.sign(fit));
    }
  }
  const std::string& next() noexcept { return all[next_++ % all.size()]; }

 private:
  std::size_t next_ = 0;
};

Tokens& tokens() {
  static auto* const made = new Tokens;
  return *made;
}

AppId app() { return AppId::parse(tokens().fit.app_id).value(); }

void verify(benchmark::State& state) {
  const auto verifier = FitVerifier::create(app(), static_keys(tokens().issuer.jwks()).value(), {},
                                            std::make_shared<testing::FakeClock>())
                            .value();
  for (auto _ : state) {
    const auto verified = verifier.verify(tokens().next());
    if (!verified) state.SkipWithError("a good token was refused");
    benchmark::DoNotOptimize(verified);
  }
}
BENCHMARK(verify);

/// Everything before the key: what an attacker's token without a known `kid` costs.
void free_checks(benchmark::State& state) {
  const AppId audience = app();
  const WallTime now = testing::FakeClock().wall_now();
  for (auto _ : state) {
    const auto fit = detail::FitChecker::check(tokens().next(), {}, std::span(&audience, 1), now);
    if (!fit) state.SkipWithError("a good token was refused");
    benchmark::DoNotOptimize(fit);
  }
}
BENCHMARK(free_checks);

void wrong_app(benchmark::State& state) {
  const AppId audience = AppId::parse("another-app").value();
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        detail::FitChecker::check(tokens().next(), {}, std::span(&audience, 1), WallTime()));
  }
}
BENCHMARK(wrong_app);

/// Signing inputs and signatures, taken apart beforehand.
std::vector<jose::CompactJws> taken_apart() {
  std::vector<jose::CompactJws> parts;
  for (const std::string& token : tokens().all) {
    parts.push_back(jose::parse_compact_jws(token, token.size()).value());
  }
  return parts;
}

void signature_of_our_key(benchmark::State& state) {
  const auto parts = taken_apart();
  const auto verifier = static_keys(tokens().issuer.jwks()).value();
  const auto key = verifier->find(parts.front().kid, {}).value();
  std::size_t i = 0;
  for (auto _ : state) {
    const jose::CompactJws& jws = parts[i++ % parts.size()];
    if (!key->verify_rs256(jws.signing_input, jws.signature)) state.SkipWithError("refused");
  }
}
BENCHMARK(signature_of_our_key);

/// The lower bound that most code has: one EVP_DigestVerify per token with everything else prepared.
void signature_bare_openssl(benchmark::State& state) {
  const auto key = jose::RsaPrivateKey::generate().value();
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> bare(EVP_RSA_gen(2048), EVP_PKEY_free);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  const std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> sha256(EVP_MD_fetch(nullptr, "SHA256", nullptr),
                                                               EVP_MD_free);
  std::vector<std::pair<std::string, std::string>> signed_inputs;
  for (const jose::CompactJws& jws : taken_apart()) {
    std::string signature(256, '\0');
    std::size_t size = signature.size();
    EVP_DigestSignInit(context.get(), nullptr, sha256.get(), nullptr, bare.get());
    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                   reinterpret_cast<const unsigned char*>(jws.signing_input.data()),
                   jws.signing_input.size());
    signed_inputs.emplace_back(jws.signing_input, signature);
  }
  std::size_t i = 0;
  for (auto _ : state) {
    const auto& [input, signature] = signed_inputs[i++ % signed_inputs.size()];
    if (EVP_DigestVerifyInit(context.get(), nullptr, sha256.get(), nullptr, bare.get()) != 1 ||
        EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                         signature.size(), reinterpret_cast<const unsigned char*>(input.data()),
                         input.size()) != 1) {
      state.SkipWithError("refused");
    }
  }
}
BENCHMARK(signature_bare_openssl);

void base64url_of_a_payload(benchmark::State& state) {
  const std::string& token = tokens().all.front();
  const std::string_view payload =
      std::string_view(token).substr(token.find('.') + 1, token.rfind('.') - token.find('.') - 1);
  for (auto _ : state) benchmark::DoNotOptimize(base64url_decode(payload));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * payload.size()));
}
BENCHMARK(base64url_of_a_payload);

}  // namespace

}  // namespace tongs

BENCHMARK_MAIN();
