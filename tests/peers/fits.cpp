// Prints invocation tokens that are good from now on for an hour, some that are not, and the keys to tell: a
// JSON object.

#include <chrono>
#include <exception>
#include <iostream>
#include <string>

#include <tongs/clock.hpp>
#include <tongs/testing/test_issuer.hpp>

#include "json/writer.hpp"
#include "support/replaced.hpp"

namespace tongs::test {
namespace {

void print_fits() {
  const testing::TestIssuer issuer, stranger;
  testing::TestFit user;
  user.issued_at = Clock::system()->wall_now();
  user.life = std::chrono::hours(1);
  testing::TestFit event = user;
  event.account_id.clear();
  event.module_type = "core:endpoint";
  testing::TestFit expired = user;
  expired.issued_at -= std::chrono::hours(2);
  testing::TestFit foreign = user;
  foreign.app_id = "ari:cloud:ecosystem::app/00000000-0000-4000-8000-000000000000";

  const std::string padding(10000, 'k');
  const std::string large =
      replaced(user.json(), "\"extension\":{", "\"extension\":{\"x\":\"" + padding + "\",");

  JsonWriter out;
  out.open_object();
  out.name("jwks").raw(issuer.jwks());
  out.name("app").string(user.app_id);
  out.name("installation").string(user.installation_id);
  out.name("account").string(user.account_id);
  out.name("user").string(issuer.sign(user));
  out.name("event").string(issuer.sign(event));
  out.name("large").string(issuer.sign(large));
  out.name("expired").string(issuer.sign(expired));
  out.name("foreign").string(issuer.sign(foreign));
  out.name("forged").string(stranger.sign(user));
  out.close_object();
  std::cout << out.text() << '\n';
}

}  // namespace
}  // namespace tongs::test

int main() {
  try {
    tongs::test::print_fits();
  } catch (const std::exception& failed) {
    std::cerr << "peers_fits: " << failed.what() << '\n';
    return 1;
  }
  return 0;
}
