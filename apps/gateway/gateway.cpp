#include "gateway/gateway.hpp"

#include <utility>

#include <boost/asio/post.hpp>

#include "common/log.hpp"
#include "common/net/timer.hpp"
#include "gateway/gateway_parts.hpp"
#include "gateway/ingress/entrance.hpp"
#include "gateway/serving_tls.hpp"

namespace tongs::gateway {

namespace asio = boost::asio;

Gateway::Parts::~Parts() {
  for (const auto& worker : workers) worker->loop.stop();
  home.stop();
  delivery.reset();
  if (vault) {
    const auto closed = vault->close();
    if (!closed) log::error("the vault could not be closed cleanly", {{"reason", closed.error().describe()}});
  }
}

Result<void> Gateway::Parts::keys_ready() const {
  if (keys.load()->main().status().usable) return {};
  return Error(Errc::keys_unavailable,
               "Forge's public keys have not been fetched, or are too old to be believed");
}

Result<void> Gateway::Parts::vault_ready() const {
  if (auto failure = vault->status().failure) return *failure;
  return {};
}

Result<void> Gateway::Parts::audit_ready() const {
  if (!audit_file) return {};
  if (auto failure = audit_file->status().failure) return *failure;
  return {};
}

Result<void> Gateway::Parts::accepting() const {
  if (!draining) return {};
  return Error(Errc::unavailable, "the gateway is about to end and takes no new invocations");
}

Result<void> Gateway::Parts::reload(Config fresh) {
  auto entrance = open_entrance(fresh.ingress);
  if (!entrance) return std::move(entrance).error();
  auto egress_entrance = open_entrance("egress", fresh.egress, net::ClientCertificates::required);
  if (!egress_entrance) return std::move(egress_entrance).error();
  // The URL of its endpoints says whether it speaks TLS: what changes here is in the files alone.
  auto oauth_entrance = open_entrance("oauth", config.oauth, net::ClientCertificates::optional);
  if (!oauth_entrance) return std::move(oauth_entrance).error();
  const bool keys_in_file = std::holds_alternative<std::filesystem::path>(fresh.jwks.place);
  if (keys_in_file || fresh.jwks != config.jwks) {
    auto opened = use_keys(fresh.jwks);
    if (!opened) return std::move(opened).error();
    config.jwks = fresh.jwks;
  }
  ingress_metrics.show_certificate((*entrance)->tls);
  const auto rules = rules_of(fresh);
  for (const auto& worker : workers) {
    asio::post(worker->loop.reactor().context, [made = worker.get(), entrance = *entrance, rules] {
      made->server->use(entrance);
      made->ingress->use(rules);
    });
  }
  if (egress_server) {
    asio::post(home.reactor().context,
               [this, entrance = *std::move(egress_entrance)] { egress_server->use(entrance); });
  }
  if (oauth_server) {
    asio::post(home.reactor().context,
               [this, entrance = *std::move(oauth_entrance)] { oauth_server->use(entrance); });
  }
  if (audit_file) audit_file->reopen();
  if (access_log) {
    const auto reopened = access_log->reopen();
    if (!reopened) log::error(reopened.error().describe());
  }
  return {};
}

void Gateway::Parts::run() {
  home.start();
  for (const auto& worker : workers) worker->loop.start();
}

std::size_t Gateway::Parts::open_connections() const noexcept {
  std::size_t count = 0;
  for (const auto& worker : workers) count += worker->server->connections();
  return count;
}

net::Task<> Gateway::Parts::drain_all(std::function<void()> done) {
  const auto deadline = net::Steady::now() + config.ingress.drain_time;
  for (const auto& worker : workers) {
    asio::post(worker->loop.reactor().context, [server = worker->server.get()] { server->drain(); });
  }
  // Egress and OAuth stay until the last request is answered: its backend may need them for that.
  net::Timer timer(home.reactor().context);
  for (bool side_doors_end = false;;) {
    std::size_t open = open_connections();
    if (open == 0) {
      const bool first = !std::exchange(side_doors_end, true);
      for (const auto* server : {&egress_server, &oauth_server}) {
        if (*server && first) (*server)->drain();
        if (*server) open += (*server)->connections();
      }
    }
    if (open == 0 || net::Steady::now() >= deadline) {
      if (open > 0) {
        log::warn("connections were cut when the drain time was over",
                  {{"connections", std::to_string(open)}});
      }
      break;
    }
    timer.expires_after(std::chrono::milliseconds(10));
    (void)co_await timer.async_wait(net::use_tuple);
  }
  admin_server->drain();
  done();
}

Gateway::Gateway(std::unique_ptr<Parts> parts) noexcept : parts_(std::move(parts)) {}
Gateway::~Gateway() = default;

Result<std::unique_ptr<Gateway>> Gateway::start(Config config) {
  auto parts = std::make_unique<Parts>(std::move(config));
  for (const auto step : {&Parts::open_manifest, &Parts::open_vault, &Parts::open_audit,
                          &Parts::open_access_log, &Parts::open_broker, &Parts::open_oauth, &Parts::open_keys,
                          &Parts::open_admin, &Parts::open_workers}) {
    auto opened = (parts.get()->*step)();
    if (!opened) return std::move(opened).error();
  }
  parts->run();
  return std::unique_ptr<Gateway>(new Gateway(std::move(parts)));
}

const Addresses& Gateway::addresses() const noexcept { return parts_->addresses; }

Result<void> Gateway::reload(Config config) { return parts_->reload(std::move(config)); }

void Gateway::drain(std::function<void()> done) {
  if (parts_->draining.exchange(true)) return;
  asio::co_spawn(parts_->home.reactor().context, parts_->drain_all(std::move(done)), asio::detached);
}

}  // namespace tongs::gateway
