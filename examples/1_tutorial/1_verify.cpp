// Step 1: is this invocation genuine? The issuer stands for Forge, with keys of its own, so no network is
// needed; in production the keys come from a RemoteKeySource for kProductionJwksUrl.
#include <cstdlib>
#include <iostream>

#include <tongs/fit.hpp>
#include <tongs/jwks.hpp>
#include <tongs/testing/test_issuer.hpp>

int main() {
  const tongs::testing::TestIssuer forge;
  tongs::testing::TestFit invocation;
  invocation.issued_at = tongs::Clock::system()->wall_now();
  const std::string token = forge.sign(invocation);  // what comes as `Authorization: Bearer …`

  const auto keys = tongs::static_keys(forge.jwks()).value();
  const auto app = tongs::AppId::parse(invocation.app_id).value();
  const auto verifier = tongs::FitVerifier::create(app, keys).value();

  const auto verified = verifier.verify(token);
  if (!verified) {
    std::cerr << "answer 401: " << verified.error().describe() << "\n";
    return EXIT_FAILURE;
  }
  std::cout << "installation " << verified->installation().str() << "\n"
            << "user         " << (verified->account() ? verified->account()->str() : "nobody") << "\n";

  const auto forged = verifier.verify(token + "x");
  std::cout << "a forged one " << (forged ? "passes" : to_string(forged.error().code())) << "\n";
  return forged ? EXIT_FAILURE : EXIT_SUCCESS;
}
