#include "gateway/admin/client_routes.hpp"

#include <functional>
#include <limits>
#include <optional>
#include <utility>

#include <tongs/json.hpp>

#include "common/log.hpp"
#include "common/net/callback.hpp"
#include "gateway/broker/serving.hpp"
#include "gateway/oauth/client_json.hpp"
#include "gateway/oauth/credentials.hpp"
#include "gateway/problem.hpp"

namespace tongs::gateway {

namespace {

using net::Exchange;
using net::PathParameters;
using net::Response;
using std::chrono::days;
using std::chrono::seconds;

constexpr std::size_t kLargestBody = 64 * 1024;
constexpr std::size_t kMostClients = 32;  ///< of an installation
constexpr std::int64_t kMostDays = 3650;
constexpr seconds kPatience{5};
constexpr seconds kOverlap = days(1);
constexpr seconds kLongestOverlap = days(30);

Error wrong(const char* what) { return {Errc::invalid_argument, what}; }

Error no_client() { return {Errc::not_found, "there is no such client"}; }

/// The members of the body, which may be empty. Calls `take(name, value)` for each; an error if it says no.
template <class Take>
Result<void> read_members(std::string_view body, Take take) {
  if (body.empty()) return {};
  const auto document = JsonDocument::parse(body, {.unique_names = true});
  if (!document || document->root().kind() != JsonView::Kind::object)
    return wrong("the body is no JSON object");
  for (auto member = document->root().begin(); member != document->root().end(); ++member) {
    if (auto taken = take(member.key(), *member); !taken) return taken;
  }
  return {};
}

Result<void> take_life(std::optional<days>& life, JsonView value) {
  const auto count = value.integer().value_or(0);
  if (count < 1 || count > kMostDays) return wrong("expiresInDays is a number from 1 to 3650");
  life = days(count);
  return {};
}

Result<void> take_networks(std::vector<std::string>& networks, JsonView value) {
  if (value.kind() != JsonView::Kind::array) return wrong("allowFrom is a list of networks");
  for (const JsonView network : value) networks.emplace_back(network.string_or(""));
  return {};
}

Result<oauth::ClientWishes> read_wishes(std::string_view body) {
  oauth::ClientWishes wishes;
  auto read = read_members(body, [&](std::string_view name, JsonView value) -> Result<void> {
    if (name == "expiresInDays") return take_life(wishes.life, value);
    if (name == "allowFrom") return take_networks(wishes.allow_from, value);
    if (name == "name" && value.string()) {
      wishes.name = *value.string();
    } else if (name == "connect" && value.boolean()) {
      wishes.connect = *value.boolean();
    } else if (name == "jwks" && value.kind() == JsonView::Kind::object) {
      wishes.jwks = value.text();
    } else if (name == "certificate" && !value.string_or("").empty()) {
      wishes.certificate = *value.string();
    } else {
      return wrong(
          "a client has name (text), expiresInDays (number), allowFrom (list), jwks (object), certificate "
          "(text), connect (true or false), and nothing else");
    }
    return {};
  });
  if (!read) return std::move(read).error();
  return wishes;
}

struct Rotation {
  seconds overlap = kOverlap;
  std::optional<days> life = {};
};

Result<Rotation> read_rotation(std::string_view body) {
  Rotation rotation;
  auto read = read_members(body, [&](std::string_view name, JsonView value) -> Result<void> {
    if (name == "expiresInDays") return take_life(rotation.life, value);
    const auto overlap = value.integer().value_or(-1);
    if (name != "overlapSeconds" || overlap < 0 || overlap > kLongestOverlap.count()) {
      return wrong("a rotation has overlapSeconds, from 0 to 2592000, and expiresInDays, and nothing else");
    }
    rotation.overlap = seconds(overlap);
    return {};
  });
  if (!read) return std::move(read).error();
  return rotation;
}

/// Makes a change of the vault and waits until it is durable. Errors: those of the change, and
/// storage_failed.
net::Task<Result<void>> make_durable(Exchange& exchange, std::function<Result<void>(vault::Done)> change) {
  Result<void> made;
  const auto start = [&](const std::function<void(Result<void>)>& done) {
    made = change(done);
    if (!made) done({});
  };
  auto written = co_await net::await_callback<Result<void>>(exchange.reactor(), start, kPatience);
  if (!made) co_return made;
  if (!written) co_return Error(Errc::storage_failed, "the vault did not write it in time");
  co_return *std::move(written);
}

net::Task<Result<void>> answer(Exchange& exchange, Result<Response> made) {
  Response response = made ? *std::move(made) : problem(made.error());
  response.headers.add("Cache-Control", "no-store");
  co_return co_await exchange.respond(std::move(response));
}

/// What became of a change that an administrator wanted.
void note(const ClientDesk& desk, AuditKind kind, const vault::OAuthClient& client,
          const Result<void>& outcome) {
  desk.audit->add({.kind = kind,
                   .outcome = outcome ? AuditOutcome::done : AuditOutcome::failed,
                   .installation = std::string(client.installation.bare()),
                   .client = client.id,
                   .actor = "admin",
                   .reason = outcome ? std::string() : std::string(to_string(outcome.error().code()))});
}

Response with_secret(int status, const vault::OAuthClient& client, const Secret& secret,
                     const ClientDesk& desk) {
  return Response::json(status, oauth::describe(client, secret, desk.token_endpoint));
}

Result<vault::OAuthClientPtr> find(const ClientDesk& desk, const std::string& id) {
  auto client = desk.vault->oauth_client(id);
  if (!client) return no_client();
  return client;
}

Result<oauth::NewClient> new_client(const ClientDesk& desk, const std::string& uuid, std::string_view body) {
  auto installation = InstallationId::parse(uuid);
  if (!installation) return std::move(installation).error();
  if (auto serves = serving(*desk.vault, *installation); !serves) return std::move(serves).error();
  if (desk.vault->oauth_clients(*installation).size() >= kMostClients) {
    return Error(Errc::conflict, "this installation has 32 clients: delete those that nobody uses");
  }
  auto wishes = read_wishes(body);
  if (!wishes) return std::move(wishes).error();
  if (!wishes->certificate.empty() && !desk.asks_for_certificates) {
    return Error(Errc::conflict,
                 "this gateway asks nobody for a certificate: set tls_client_ca in [oauth] first");
  }
  return oauth::make_client(*installation, *std::move(wishes), desk.clock->wall_now());
}

net::Task<Result<Response>> create(const ClientDesk& desk, Exchange& exchange, const std::string& uuid) {
  auto body = co_await exchange.read_whole_body(kLargestBody);
  if (!body) co_return std::move(body).error();
  auto made = new_client(desk, uuid, *body);
  if (!made) co_return std::move(made).error();
  const auto put = [&](vault::Done done) {
    return desk.vault->put_oauth_client(made->record.duplicate(), std::move(done));
  };
  auto kept = co_await make_durable(exchange, put);
  note(desk, AuditKind::client_created, made->record, kept);
  if (!kept) {
    (void)desk.vault->erase_oauth_client(made->record.id);  // nobody will ever know its secret
    co_return std::move(kept).error();
  }
  log::info("an OAuth client was made",
            {{"client", made->record.id}, {"installation", made->record.installation.bare()}});
  co_return with_secret(201, made->record, made->secret, desk);
}

Result<Response> list(const ClientDesk& desk, const std::string& uuid) {
  auto installation = InstallationId::parse(uuid);
  if (!installation) return std::move(installation).error();
  if (!desk.vault->installation(*installation)) return Error(Errc::not_found, "no such installation");
  std::string text = R"({"clients":[)";
  const char* separator = "";
  for (const auto& client : desk.vault->oauth_clients(*installation)) {
    text.append(std::exchange(separator, ",")).append(oauth::describe(*client));
  }
  return Response::json(200, text + "]}\n");
}

net::Task<Result<Response>> rotate(const ClientDesk& desk, Exchange& exchange, const std::string& id) {
  auto body = co_await exchange.read_whole_body(kLargestBody);
  if (!body) co_return std::move(body).error();
  const auto wanted = read_rotation(*body);
  if (!wanted) co_return wanted.error();
  const auto former = find(desk, id);
  if (!former) co_return former.error();
  vault::OAuthClient client = (*former)->duplicate();
  auto secret = oauth::rotate_secret(client, wanted->overlap, wanted->life, desk.clock->wall_now());
  if (!secret) co_return std::move(secret).error();
  const auto put = [&](vault::Done done) {
    return desk.vault->put_oauth_client(client.duplicate(), std::move(done));
  };
  auto kept = co_await make_durable(exchange, put);
  note(desk, AuditKind::client_rotated, client, kept);
  if (!kept) {
    (void)desk.vault->put_oauth_client((*former)->duplicate());  // nobody will ever know the new one
    co_return std::move(kept).error();
  }
  log::info("the secret of an OAuth client was rotated",
            {{"client", id}, {"installation", client.installation.bare()}});
  co_return with_secret(200, client, *secret, desk);
}

net::Task<Result<Response>> erase(const ClientDesk& desk, Exchange& exchange, const std::string& id) {
  const auto client = find(desk, id);
  if (!client) co_return client.error();
  auto erased = co_await make_durable(
      exchange, [&](vault::Done done) { return desk.vault->erase_oauth_client(id, std::move(done)); });
  note(desk, AuditKind::client_deleted, **client, erased);
  if (!erased) co_return std::move(erased).error();
  log::info("an OAuth client was deleted",
            {{"client", id}, {"installation", (*client)->installation.bare()}});
  co_return Response{.status = 204, .headers = {}, .body = {}};
}

net::Task<Result<void>> answer_later(Exchange& exchange, net::Task<Result<Response>> making) {
  auto made = co_await std::move(making);
  if (exchange.body_failed()) co_return Result<void>{};
  co_return co_await answer(exchange, std::move(made));
}

}  // namespace

void add_client_routes(net::Router& routes, ClientDesk desk) {
  const auto shared = std::make_shared<const ClientDesk>(std::move(desk));
  const std::string of_installation = "/v1/installations/{uuid}/clients";
  routes
      .on("POST", of_installation,
          [shared](Exchange& exchange, const PathParameters& path) {
            return answer_later(exchange, create(*shared, exchange, path.at("uuid")));
          })
      .on("GET", of_installation,
          [shared](Exchange& exchange, const PathParameters& path) {
            return answer(exchange, list(*shared, path.at("uuid")));
          })
      .on("POST", "/v1/clients/{id}/rotate",
          [shared](Exchange& exchange, const PathParameters& path) {
            return answer_later(exchange, rotate(*shared, exchange, path.at("id")));
          })
      .on("DELETE", "/v1/clients/{id}", [shared](Exchange& exchange, const PathParameters& path) {
        return answer_later(exchange, erase(*shared, exchange, path.at("id")));
      });
}

}  // namespace tongs::gateway
