// A function-style handler: made anew for each invocation, as on Lambda or Cloud Run, while tokens live on in
// the process. `main` owns what is warm and lends it to each handler; nothing is global.
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>

#include <tongs/adapter.hpp>
#include <tongs/client.hpp>
#include <tongs/installation.hpp>
#include <tongs/jira/v3/issues.hpp>
#include <tongs/testing/scripted_transport.hpp>
#include <tongs/token_manager.hpp>

namespace {

namespace v3 = tongs::jira::v3;

/// What an invocation brings, already verified.
struct Invocation {
  tongs::InstallationId installation;
  tongs::AccountId account;
  tongs::Secret system_token;
};

// [warm]
/// What stays while instances of the function come and go: for each installation its credentials and its
/// tokens.
class Warm {
 public:
  struct Tenant {
    std::shared_ptr<tongs::InstallationCredentials> credentials;
    std::shared_ptr<const tongs::Adapter> adapter;
    std::shared_ptr<tongs::TokenManager> tokens;
  };

  Warm(std::string proxy_url, std::shared_ptr<const tongs::Transport> transport)
      : proxy_url_(std::move(proxy_url)), transport_(std::move(transport)) {}

  tongs::Result<Tenant> tenant(const tongs::InstallationId& id) {
    const std::lock_guard hold(mutex_);
    if (const auto known = tenants_.find(id); known != tenants_.end()) return known->second;
    auto credentials = std::make_shared<tongs::InstallationCredentials>(id);
    auto adapter =
        tongs::proxy_adapter({.proxy_url = proxy_url_, .installation = id, .transport = transport_});
    if (!adapter) return adapter.error();
    auto source = tongs::proxy_token_source(
        {.proxy_url = proxy_url_, .installation = id, .transport = transport_, .credentials = credentials});
    if (!source) return source.error();
    return tenants_.emplace(id, Tenant{credentials, *adapter, std::make_shared<tongs::TokenManager>(*source)})
        .first->second;
  }

 private:
  const std::string proxy_url_;
  const std::shared_ptr<const tongs::Transport> transport_;
  std::mutex mutex_;
  std::map<tongs::InstallationId, Tenant> tenants_;
};

/// The function: lives for one invocation, and finds everything slow already done.
class Handler {
 public:
  explicit Handler(Warm& warm) : warm_(warm) {}

  tongs::Result<v3::Issue> operator()(Invocation invocation) {
    auto tenant = warm_.tenant(invocation.installation);
    if (!tenant) return tenant.error();
    tenant->credentials->offer(std::move(invocation.system_token));
    const auto client = tenant->tokens->bound_client(tenant->adapter, invocation.account);
    if (!client) return client.error();
    return v3::get_issue(*client, {.issue_id_or_key = "PROJ-1"});
  }

 private:
  Warm& warm_;
};
// [end]

}  // namespace

int main() {
  const auto in_an_hour = tongs::Clock::system()->wall_now() + std::chrono::hours(1);
  const auto proxy = std::make_shared<tongs::testing::ScriptedTransport>();
  proxy
      ->answer(200, R"({"data":{"offlineUserAuthToken":{"accessToken":"user-token","expiry":)" +
                        std::to_string(in_an_hour.time_since_epoch().count()) + "}}}")
      .answer(200, R"({"key":"PROJ-1"})")
      .answer(200, R"({"key":"PROJ-1"})")
      .answer(200, R"({"key":"PROJ-1"})");

  Warm warm("http://127.0.0.1:7072", proxy);
  const auto installation = tongs::InstallationId::parse("0a3a7799-53ae-4a5b-9e7e-03338980abb5").value();
  const auto account = tongs::AccountId::parse("655362:312d3308-8954-42b0-aa38-771a10c88656").value();
  for (int i = 1; i <= 3; ++i) {
    const auto issue = Handler(warm)({installation, account, tongs::Secret("system-token")});
    std::cout << "invocation " << i << ": " << (issue ? "answered" : issue.error().describe()) << "\n";
    if (!issue) return EXIT_FAILURE;
  }
  std::cout << proxy->count() << " requests: one for the token, three for the issue\n";
  return proxy->unused() == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
