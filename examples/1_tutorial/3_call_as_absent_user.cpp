// Step 3: act as a user who is not there. The token manager fetches his token once, however many ask, renews
// it ahead of its end, and hears of a 401; the client it gives may be kept.
#include <cstdlib>
#include <iostream>

#include <tongs/adapter.hpp>
#include <tongs/jira/v3/myself.hpp>
#include <tongs/testing/scripted_transport.hpp>
#include <tongs/token_manager.hpp>

int main() {
  const auto peer = std::make_shared<tongs::testing::ScriptedTransport>();
  peer->answer(200, R"({"data":{"offlineUserAuthToken":{"success":true,"errors":null,
                        "authToken":{"token":"offline-token","ttl":3600}}}})")
      .answer(200, R"({"displayName":"Ada"})")
      .answer(200, R"({"displayName":"Ada"})");

  const auto installation = tongs::InstallationId::parse("0a3a7799-53ae-4a5b-9e7e-03338980abb5").value();
  const auto credentials = std::make_shared<tongs::InstallationCredentials>(installation);
  credentials->offer(tongs::Secret("x-forge-oauth-system-of-the-invocation"));
  const auto adapter =
      tongs::direct_adapter({.api_base_url = "https://api.atlassian.com/ex/jira/d0d52620", .transport = peer})
          .value();
  const auto source = tongs::direct_token_source(
                          {.credentials = credentials,
                           .transport = peer,
                           .context = tongs::ContextAri::parse("ari:cloud:jira::site/d0d52620").value()})
                          .value();
  tongs::TokenManager tokens(source);

  const auto ada = tongs::AccountId::parse("655362:312d3308-8954-42b0-aa38-771a10c88656").value();
  const auto client = tokens.bound_client(adapter, ada).value();
  for (int call = 0; call < 2; ++call) {
    const auto me = tongs::jira::v3::get_current_user(client).value();
    std::cout << me.display_name().value_or("") << "\n";
  }
  std::cout << tokens.stats().fetches << " token fetched for two calls\n";
  return tokens.stats().fetches == 1 ? EXIT_SUCCESS : EXIT_FAILURE;
}
