// The code that docs/guide/from-typescript.md shows. It runs against answers of its own, so it needs no
// network.
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include <tongs/adapter.hpp>
#include <tongs/client.hpp>
#include <tongs/ids.hpp>
#include <tongs/installation.hpp>
#include <tongs/jira/v3/issue_search.hpp>
#include <tongs/jira/v3/issues.hpp>
#include <tongs/paging.hpp>
#include <tongs/result.hpp>
#include <tongs/secret.hpp>
#include <tongs/testing/scripted_transport.hpp>
#include <tongs/token.hpp>
#include <tongs/token_manager.hpp>

namespace {

namespace v3 = tongs::jira::v3;
using tongs::Result;

/// What the seed's handler takes out of its payload, already checked.
struct Payload {
  tongs::InstallationId installation;
  tongs::AccountId account;
  std::string app_system_token;
};

// [handler]
Result<v3::Issue> handler(const std::string& proxy_url, std::shared_ptr<const tongs::Transport> transport,
                          Payload payload) {
  auto credentials = std::make_shared<tongs::InstallationCredentials>(payload.installation);
  credentials->offer(tongs::Secret::take(std::move(payload.app_system_token)));

  const auto adapter = tongs::proxy_adapter({.product = tongs::Product::jira,
                                             .proxy_url = proxy_url,
                                             .installation = payload.installation,
                                             .transport = transport,
                                             .credentials = credentials});
  if (!adapter) return adapter.error();
  const auto source = tongs::proxy_token_source({.proxy_url = proxy_url,
                                                 .installation = payload.installation,
                                                 .transport = transport,
                                                 .credentials = credentials});
  if (!source) return source.error();
  tongs::TokenManager tokens(*source);

  const auto token = tokens.get_token(payload.account);
  if (!token) return token.error();
  const auto client = as_offline_user(*adapter, *token);
  return v3::get_issue(client, {.issue_id_or_key = "PROJ-1"});
}
// [end]

// [direct]
/// The parts that live as long as the process, one set for each installation.
struct Installation {
  std::shared_ptr<tongs::InstallationCredentials> credentials;
  std::shared_ptr<const tongs::Adapter> adapter;
  std::shared_ptr<tongs::TokenManager> tokens;
};

Result<Installation> connect(const tongs::InstallationId& id, const std::string& api_base_url,
                             const tongs::ContextAri& context,
                             std::shared_ptr<const tongs::Transport> transport) {
  auto credentials = std::make_shared<tongs::InstallationCredentials>(id);
  auto adapter = tongs::direct_adapter(
      {.api_base_url = api_base_url, .transport = transport, .credentials = credentials});
  if (!adapter) return adapter.error();
  auto source =
      tongs::direct_token_source({.credentials = credentials, .transport = transport, .context = context});
  if (!source) return source.error();
  return Installation{credentials, *adapter, std::make_shared<tongs::TokenManager>(*source)};
}

/// Once per invocation: the system token that came with it is offered, everything else is warm.
Result<v3::Issue> on_invocation(Installation& installation, tongs::Secret system_token,
                                const tongs::AccountId& account) {
  installation.credentials->offer(std::move(system_token));
  const auto call = tongs::CallOptions::within(std::chrono::seconds(10));
  const auto client = installation.tokens->bound_client(installation.adapter, account, call);
  if (!client) return client.error();
  return v3::get_issue(*client, {.issue_id_or_key = "PROJ-1"}, call);
}
// [end]

// [errors]
std::string explain(const tongs::Error& error) {
  switch (error.code()) {
    case tongs::Errc::not_found:
      return "no such issue, or the user may not see it";
    case tongs::Errc::rate_limited:
      return error.retry_after() ? "later, and we know when" : "later";
    default:
      return error.describe();  // safe to log; what the peer said is in error.remote()
  }
}
// [end]

// [paging]
Result<int> count_open(const tongs::BoundClient& client) {
  auto pages = v3::search_issues_pages(client, {.jql = "project = PROJ and statusCategory != Done"});
  if (!pages) return pages.error();
  int count = 0;
  while (true) {
    const auto page = pages->next();
    if (!page) return page.error();
    if (!*page) return count;
    count += static_cast<int>((*page)->items().size());
  }
}
// [end]

int run() {
  const auto installation = tongs::InstallationId::parse("0a3a7799-53ae-4a5b-9e7e-03338980abb5").value();
  const auto account = tongs::AccountId::parse("655362:312d3308-8954-42b0-aa38-771a10c88656").value();
  const auto context =
      tongs::ContextAri::parse("ari:cloud:jira::site/d0d52620-3203-4cfa-8db5-f2587155f0dd").value();
  const auto in_an_hour = tongs::Clock::system()->wall_now() + std::chrono::hours(1);

  const auto peer = std::make_shared<tongs::testing::ScriptedTransport>();
  peer->answer(200, R"({"data":{"offlineUserAuthToken":{"accessToken":"user-token","expiry":)" +
                        std::to_string(in_an_hour.time_since_epoch().count()) + "}}}")
      .answer(200, R"({"key":"PROJ-1"})")
      .answer(200, R"({"data":{"offlineUserAuthToken":{"success":true,"errors":null,
                       "authToken":{"token":"user-token","ttl":3600}}}})")
      .answer(200, R"({"key":"PROJ-1"})")
      .answer(200, R"({"issues":[{"id":"1"},{"id":"2"}],"nextPageToken":"more"})")
      .answer(200, R"({"issues":[{"id":"3"}],"isLast":true})")
      .answer(404, R"({"errorMessages":["Issue does not exist"]})");

  const auto by_proxy =
      handler("http://127.0.0.1:7072", peer, {installation, account, "system-token"}).value();

  auto parts = connect(installation, "https://api.atlassian.com/ex/jira/d0d52620-3203-4cfa-8db5-f2587155f0dd",
                       context, peer)
                   .value();
  const auto direct = on_invocation(parts, tongs::Secret("system-token"), account).value();

  const auto client = as_app(parts.adapter);
  const int open = count_open(client).value();
  const auto missing = v3::get_issue(client, {.issue_id_or_key = "PROJ-404"});

  std::cout << *by_proxy.key() << ", " << *direct.key() << ", " << open << " open, "
            << (missing ? "found" : explain(missing.error())) << "\n";
  return peer->unused() == 0 && open == 3 && !missing ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace

int main() try { return run(); } catch (const tongs::BadResult& failure) {
  std::cerr << failure.what() << "\n";
  return EXIT_FAILURE;
}
