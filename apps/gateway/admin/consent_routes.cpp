#include "gateway/admin/consent_routes.hpp"

#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "common/net/callback.hpp"
#include "gateway/page_query.hpp"
#include "gateway/problem.hpp"
#include "http/timestamp.hpp"

namespace tongs::gateway {

namespace json = boost::json;

namespace {

using net::Exchange;
using net::PathParameters;
using net::Response;

constexpr std::chrono::seconds kPatience{5};  ///< until a change is durable

json::value time_text(WallTime time) { return json::value(detail::format_iso_time(time)); }

std::string_view consent_of(const vault::Installation& installation) noexcept {
  if (installation.revoked) return "revoked";
  return installation.waiting ? "waiting" : "granted";
}

json::object describe(const vault::Installation& installation, const vault::Vault& vault) {
  json::object text;
  text["id"] = std::string(installation.id.bare());
  text["app"] = installation.app.str();
  text["environment"] = installation.environment_type;
  text["context"] = installation.context ? json::value(installation.context->str()) : json::value(nullptr);
  text["state"] = installation.state == vault::InstallationState::installed ? "installed" : "uninstalled";
  text["consent"] = consent_of(installation);
  text["installedAt"] = time_text(installation.installed_at);
  text["updatedAt"] = time_text(installation.updated_at);
  const auto token = vault.system_token(installation.id);
  text["systemTokenExpiresAt"] = token ? time_text(token->expires_at) : json::value(nullptr);
  return text;
}

json::object describe(const vault::KnownUser& user) {
  json::object text;
  text["account"] = user.account.str();
  text["consent"] = user.consent && user.consent->revoked ? "revoked" : "granted";
  text["changedAt"] = user.consent ? time_text(user.consent->changed_at) : json::value(nullptr);
  text["tokenExpiresAt"] = user.token_ends ? time_text(*user.token_ends) : json::value(nullptr);
  return text;
}

Response answer_with(const json::object& body) {
  auto response = Response::json(200, json::serialize(body) + "\n");
  response.headers.add("Cache-Control", "no-store");
  return response;
}

Response answer_with(Result<Response> response) {
  return response ? *std::move(response) : problem(response.error());
}

Error unknown() { return {Errc::not_found, "no such installation"}; }

}  // namespace

ConsentRoutes::ConsentRoutes(net::Reactor& reactor, Broker& broker, std::shared_ptr<AuditLog> audit,
                             std::shared_ptr<const Clock> clock)
    : reactor_(reactor), broker_(broker), audit_(std::move(audit)), clock_(std::move(clock)) {}

void ConsentRoutes::add_to(net::Router& routes) {
  routes.on("GET", "/v1/installations", [this](Exchange& exchange, const PathParameters&) {
    return exchange.respond(answer_with(list(exchange.request().query())));
  });
  routes.on("GET", "/v1/installations/{id}", [this](Exchange& exchange, const PathParameters& path) {
    const auto id = InstallationId::parse(path.at("id"));
    return exchange.respond(answer_with(id ? show(*id) : id.error()));
  });
  routes.on("GET", "/v1/installations/{id}/users", [this](Exchange& exchange, const PathParameters& path) {
    const auto id = InstallationId::parse(path.at("id"));
    return exchange.respond(answer_with(id ? show_users(*id) : id.error()));
  });
  for (const auto& [verb, authorize] : {std::pair{"/authorize", true}, {"/revoke", false}}) {
    const std::string one = "/v1/installations/{id}";
    routes.on("POST", one + verb, [this, authorize](Exchange& exchange, const PathParameters& path) {
      return answer_change(exchange, path, authorize);
    });
    routes.on("POST", one + "/users/{account}" + verb,
              [this, authorize](Exchange& exchange, const PathParameters& path) {
                return answer_change_of_user(exchange, path, authorize);
              });
  }
}

net::Task<Result<void>> ConsentRoutes::answer_change(Exchange& exchange, const PathParameters& path,
                                                     bool authorize) {
  Result<Response> done = unknown();
  auto id = InstallationId::parse(path.at("id"));
  if (!id) {
    done = id.error();
  } else {
    done = co_await change(*std::move(id), authorize);
  }
  Response answer = answer_with(std::move(done));
  co_return co_await exchange.respond(std::move(answer));
}

net::Task<Result<void>> ConsentRoutes::answer_change_of_user(Exchange& exchange, const PathParameters& path,
                                                             bool authorize) {
  Result<Response> done = unknown();
  auto id = InstallationId::parse(path.at("id"));
  auto account = AccountId::parse(path.at("account"));
  if (!id) {
    done = id.error();
  } else if (!account) {
    done = account.error();
  } else {
    done = co_await change_user(*std::move(id), *std::move(account), authorize);
  }
  Response answer = answer_with(std::move(done));
  co_return co_await exchange.respond(std::move(answer));
}

Result<Response> ConsentRoutes::list(std::string_view query) const {
  const auto wanted = PageQuery::parse(query);
  if (!wanted) return wanted.error();
  const auto page = broker_.vault().installations(wanted->after, wanted->size);
  json::array all;
  for (const auto& installation : page.installations) all.push_back(describe(*installation, broker_.vault()));
  json::object body;
  body["installations"] = std::move(all);
  body["cursor"] = page.next ? json::value(std::string(page.next->bare())) : json::value(nullptr);
  return answer_with(body);
}

Result<Response> ConsentRoutes::show(const InstallationId& id) const {
  const auto installation = broker_.vault().installation(id);
  if (!installation) return unknown();
  return answer_with(describe(*installation, broker_.vault()));
}

Result<Response> ConsentRoutes::show_users(const InstallationId& id) const {
  if (!broker_.vault().installation(id)) return unknown();
  json::array users;
  for (const vault::KnownUser& user : broker_.vault().users(id)) users.push_back(describe(user));
  return answer_with(json::object{{"users", std::move(users)}});
}

Result<Response> ConsentRoutes::show_user(const InstallationId& id, const AccountId& account) const {
  for (const vault::KnownUser& user : broker_.vault().users(id)) {
    if (user.account == account) return answer_with(describe(user));
  }
  return answer_with(describe(vault::KnownUser{account}));
}

net::Task<Result<Response>> ConsentRoutes::change(InstallationId id, bool authorize) {
  const auto before = broker_.vault().installation(id);
  AuditEvent event{.kind = !authorize                  ? AuditKind::consent_revoked
                           : before && before->waiting ? AuditKind::consent_approved
                                                       : AuditKind::consent_authorized,
                   .installation = std::string(id.bare())};
  Change change = [this, id, authorize](WallTime now, vault::Done done) {
    auto& vault = broker_.vault();
    auto changed =
        authorize ? vault.authorize(id, now, std::move(done)) : vault.revoke(id, now, std::move(done));
    broker_.forget_users(id);
    return changed;
  };
  auto outcome = co_await carry_out(std::move(change), std::move(event));
  if (!outcome) co_return std::move(outcome).error();
  co_return show(id);
}

net::Task<Result<Response>> ConsentRoutes::change_user(InstallationId id, AccountId account, bool authorize) {
  AuditEvent event{.kind = authorize ? AuditKind::user_consent_authorized : AuditKind::user_consent_revoked,
                   .installation = std::string(id.bare()),
                   .account = account.str()};
  Change change = [this, id, account, authorize](WallTime now, vault::Done done) {
    auto& vault = broker_.vault();
    auto changed = authorize ? vault.authorize_user(id, account, now, std::move(done))
                             : vault.revoke_user(id, account, now, std::move(done));
    broker_.forget_user(id, account);
    if (!authorize && user_revoked_) user_revoked_(id, account);
    return changed;
  };
  auto outcome = co_await carry_out(std::move(change), std::move(event));
  if (!outcome) co_return std::move(outcome).error();
  co_return show_user(id, account);
}

/// The change holds as soon as this is called; it ends when it is durable.
net::Task<Result<void>> ConsentRoutes::carry_out(Change change, AuditEvent event) {
  Result<void> accepted;
  const auto start = [&](const std::function<void(Result<void>)>& done) {
    accepted = change(clock_->wall_now(), done);
    if (!accepted) done({});
  };
  const auto written = co_await net::await_callback<Result<void>>(reactor_, start, kPatience);
  event.actor = "admin";
  Result<void> outcome = accepted;
  if (accepted && (!written || !*written)) {
    outcome = Error(Errc::storage_failed,
                    "the change holds, but could not be written to the vault: a restart of the gateway would "
                    "forget it; mend the vault (see /readyz) and say it again");
  }
  if (!outcome) {
    event.outcome = AuditOutcome::failed;
    event.reason = to_string(outcome.error().code());
  }
  audit_->add(std::move(event));
  co_return outcome;
}

}  // namespace tongs::gateway
