#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>

#include "common/net/server.hpp"
#include "common/net/transport.hpp"
#include "gateway/admin/admin.hpp"
#include "gateway/admin/consent_routes.hpp"
#include "gateway/admin/vault_routes.hpp"
#include "gateway/audit/audit_metrics.hpp"
#include "gateway/audit/audit_writer.hpp"
#include "gateway/broker/broker.hpp"
#include "gateway/egress/egress.hpp"
#include "gateway/gateway.hpp"
#include "gateway/ingress/ingress.hpp"
#include "gateway/oauth/delivery.hpp"
#include "gateway/oauth/server.hpp"

namespace tongs::gateway {

/// A thread with an event loop, stopped and joined when it ends.
class Loop {
 public:
  Loop() : guard_(boost::asio::make_work_guard(reactor_.context)) {}
  ~Loop() { stop(); }

  net::Reactor& reactor() noexcept { return reactor_; }
  void start() {
    thread_ = std::thread([this] { reactor_.context.run(); });
  }
  void stop() {
    reactor_.context.stop();
    if (thread_.joinable()) thread_.join();
  }

 private:
  net::Reactor reactor_;
  boost::asio::executor_work_guard<net::Executor> guard_;
  std::thread thread_;
};

struct Worker {
  Loop loop;
  std::unique_ptr<Ingress> ingress;
  std::unique_ptr<net::Server> server;
};

/// What a gateway is made of: opened one after the other (gateway_opening.cpp), in the order in which one
/// needs the other, then run until it ends (gateway.cpp).
struct Gateway::Parts {
  explicit Parts(Config given)
      : config(std::move(given)),
        invocations(config.egress.invocations, config.egress.user_tokens),
        replays(config.ingress.replay_tokens) {}
  ~Parts();

  Result<void> open_manifest();
  Result<void> open_vault();
  Result<void> open_audit();
  Result<void> open_keys();
  Result<std::unique_ptr<KeyHub>> open_hub(std::string name, const KeyPlace& place);
  Result<std::unique_ptr<KeyDirectory>> open_directory(const JwksConfig& jwks);
  Result<void> use_keys(const JwksConfig& jwks);
  Result<void> open_access_log();
  /// By which the ingress goes with `given`, and with the keys in use.
  std::shared_ptr<const IngressRules> rules_of(const Config& given);
  Result<void> reload(Config fresh);
  Result<void> open_broker();
  Result<void> open_egress(const net::Ways& ways);
  Result<void> open_oauth();
  Result<void> open_admin();
  Result<void> open_workers();
  struct Listener {
    std::unique_ptr<net::Server> server;
    std::string address;
  };
  Result<Listener> open_listener(std::string_view setting, const LocalListenerConfig& where,
                                 net::Handler handler, net::ServerLimits limits = {});
  Result<void> keys_ready() const;
  Result<void> vault_ready() const;
  Result<void> audit_ready() const;
  Result<void> accepting() const;
  void watch_installation(const InstallationId& id, bool serves);
  void run();
  net::Task<> drain_all(std::function<void()> done);
  std::size_t open_connections() const noexcept;

  Config config;
  Addresses addresses;
  metrics::Registry registry;
  IngressMetrics ingress_metrics{registry};
  EgressMetrics egress_metrics{registry};
  StateMetrics state_metrics{registry};
  SourceMetrics source_metrics{registry};
  AuditMetrics audit_metrics{registry};
  Backends backends{registry};

  // A worker's coroutine that waits for a key is held by the loop it waits for: that one must end first.
  std::vector<std::unique_ptr<Worker>> workers;
  Loop home;  ///< broker, keys, egress, OAuth, admin

  std::shared_ptr<AuditWriter> audit_file;  ///< null: the log is off
  std::shared_ptr<AuditLog> audit = no_audit_log();
  std::shared_ptr<vault::Vault> vault;
  Arrivals arrivals{home.reactor()};
  Departures departures;
  std::unique_ptr<Capture> capture;
  std::unique_ptr<Intake> intake;
  std::unique_ptr<net::Client> upstream;
  std::shared_ptr<net::ClientTransport> transport;
  /// All that were ever in use: requests that began before a reload may still be with an earlier one.
  std::vector<std::unique_ptr<KeyDirectory>> directories;
  std::atomic<const KeyDirectory*> keys{nullptr};  ///< the one in use
  std::unique_ptr<SourceChain> chain;
  std::unique_ptr<UserTokenLimit> user_token_limit;
  std::unique_ptr<Broker> broker;
  Invocations invocations;
  std::unique_ptr<Egress> egress;
  std::unique_ptr<ConsentRoutes> consent;
  std::unique_ptr<VaultRoutes> vault_upkeep;
  std::unique_ptr<oauth::Server> authorizer;
  std::unique_ptr<oauth::Delivery> delivery;
  std::string token_endpoint;  ///< as clients call it; empty: switched off
  std::unique_ptr<Admin> admin;
  std::unique_ptr<net::Server> egress_server, oauth_server, admin_server;
  ReplayGuard replays;
  std::shared_ptr<AccessLogFile> access_log;
  std::unique_ptr<IngressShared> shared;

  std::atomic<bool> draining{false};
};

}  // namespace tongs::gateway
