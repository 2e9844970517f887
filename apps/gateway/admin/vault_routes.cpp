#include "gateway/admin/vault_routes.hpp"

#include <utility>

#include <tongs/json.hpp>

#include "common/net/callback.hpp"
#include "gateway/admin/vault_report.hpp"
#include "gateway/problem.hpp"

namespace tongs::gateway {

namespace {

using net::Exchange;
using net::PathParameters;

constexpr std::size_t kMaxBody = 16 * 1024;
constexpr std::chrono::seconds kPatience{20};  ///< less than our own command line has

Result<std::string> path_in(std::string_view body) {
  const auto json = JsonDocument::parse(body);
  const auto path = json ? (*json)["path"].string() : std::nullopt;
  if (!path || !path->starts_with('/') || path->find('\0') != std::string_view::npos) {
    return Error(Errc::invalid_argument, "send {\"path\":\"/absolute/path/of/a/new/file\"}");
  }
  return std::string(*path);
}

AuditEvent event_of(AuditKind kind, const Result<void>& outcome) {
  AuditEvent event{.kind = kind, .actor = "admin"};
  if (!outcome) {
    event.outcome = AuditOutcome::failed;
    event.reason = to_string(outcome.error().code());
  }
  return event;
}

}  // namespace

VaultRoutes::VaultRoutes(net::Reactor& reactor, std::shared_ptr<vault::Vault> vault,
                         std::shared_ptr<AuditLog> audit)
    : reactor_(reactor), vault_(std::move(vault)), audit_(std::move(audit)) {}

void VaultRoutes::add_to(net::Router& routes) {
  routes.on("GET", "/v1/vault",
            [this](Exchange& exchange, const PathParameters&) { return exchange.respond(report()); });
  routes.on("POST", "/v1/vault/rotate-key",
            [this](Exchange& exchange, const PathParameters&) { return rotate(exchange); });
  routes.on("POST", "/v1/vault/backup",
            [this](Exchange& exchange, const PathParameters&) { return back_up(exchange); });
}

net::Response VaultRoutes::report() const {
  return net::Response::json(200, vault_report(vault_->status()) + "\n");
}

net::Task<Result<void>> VaultRoutes::rotate(Exchange& exchange) {
  Result<void> begun;
  // Its end is noted even if nobody waits for it any more.
  const auto start = [&](const std::function<void(Result<void>)>& done) {
    begun = vault_->rotate_key([audit = audit_, done](const Result<void>& outcome) {
      audit->add(event_of(AuditKind::vault_key_rotated, outcome));
      done(outcome);
    });
    if (!begun) done({});
  };
  const auto ended = co_await net::await_callback<Result<void>>(reactor_, start, kPatience);
  if (!begun) audit_->add(event_of(AuditKind::vault_key_rotated, begun));
  net::Response answer = report();
  if (!begun) answer = problem(begun.error());
  if (begun && ended && !*ended) answer = problem(ended->error());
  co_return co_await exchange.respond(std::move(answer));
}

net::Task<Result<void>> VaultRoutes::back_up(Exchange& exchange) {
  auto body = co_await exchange.read_whole_body(kMaxBody);
  if (!body) co_return std::move(body).error();
  const auto path = path_in(*body);
  Result<void> outcome = path ? Result<void>() : path.error();
  if (path) {
    const auto start = [&](const std::function<void(Result<void>)>& done) { vault_->backup(*path, done); };
    const auto ended = co_await net::await_callback<Result<void>>(reactor_, start, kPatience);
    outcome =
        ended.value_or(Error(Errc::deadline_exceeded, "the copy is still being written: look at its file"));
    audit_->add(event_of(AuditKind::vault_backed_up, outcome));
  }
  net::Response answer = outcome ? report() : problem(outcome.error());
  co_return co_await exchange.respond(std::move(answer));
}

}  // namespace tongs::gateway
