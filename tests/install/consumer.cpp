#include <iostream>
#include <memory>

#include <tongs/fit.hpp>
#include <tongs/ids.hpp>
#include <tongs/jwks.hpp>
#include <tongs/testing/fake_clock.hpp>
#include <tongs/testing/test_issuer.hpp>

/// Verifies a FIT that was signed a moment ago, and refuses the same one for another app.
int main() {
  const tongs::testing::TestIssuer issuer;
  const tongs::testing::TestFit fit;
  const auto keys = tongs::static_keys(issuer.jwks()).value();
  const auto clock = std::make_shared<tongs::testing::FakeClock>(fit.issued_at);
  const auto token = issuer.sign(fit);

  const auto app = tongs::AppId::parse(fit.app_id).value();
  const auto verified = tongs::FitVerifier::create(app, keys, {}, clock).value().verify(token).value();
  if (verified.installation().str() != fit.installation_id) return 1;

  const auto other = tongs::AppId::parse("00000000-0000-4000-8000-000000000000").value();
  const auto refused = tongs::FitVerifier::create(other, keys, {}, clock).value().verify(token);
  if (refused || refused.error().code() != tongs::Errc::audience_mismatch) return 1;

  std::cout << "verified an invocation of " << verified.claims().module_key << "\n";
  return 0;
}
