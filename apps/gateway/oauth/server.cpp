#include "gateway/oauth/server.hpp"

#include <string>
#include <utility>

#include "common/log.hpp"
#include "gateway/oauth/certificate_name.hpp"
#include "gateway/oauth/grant.hpp"
#include "gateway/oauth/origins.hpp"
#include "gateway/oauth/token_state.hpp"

namespace tongs::gateway::oauth {

namespace {

constexpr std::size_t kLargestForm = 64 * 1024;

/// RFC 6749 5.1.
net::Response uncached(net::Response response) {
  response.headers.add("Cache-Control", "no-store").add("Pragma", "no-cache");
  return response;
}

bool is_endpoint(std::string_view path) noexcept {
  return path == Issuer::kToken || path == Issuer::kRevoke || path == Issuer::kIntrospect;
}

std::string shown(const net::Peer& peer) { return peer.certificate ? names_of(*peer.certificate) : "none"; }

Subject subject_of(std::string_view path, std::string_view grant_type) noexcept {
  if (path == Issuer::kToken) return subject_of_grant(grant_type);
  return path == Issuer::kRevoke ? Subject::revocation : Subject::introspection;
}

}  // namespace

Server::Server(net::LocalGuard guard, Issuer issuer, Broker& broker, metrics::Registry& registry,
               std::shared_ptr<AuditLog> audit, std::shared_ptr<const Clock> clock)
    : guard_(std::move(guard)),
      issuer_(std::move(issuer)),
      broker_(broker),
      audit_(std::move(audit)),
      clock_(std::move(clock)),
      metrics_(registry),
      refused_connections_(
          registry.counter("tongs_oauth_refused_connections_total",
                           "Connections to the OAuth endpoints that did not get as far as a request.")),
      authenticator_(broker.vault(), issuer_.audiences()),
      tokens_(broker, authenticator_, issued_, *audit_, clock_) {}

net::Task<> Server::handle(net::Exchange& exchange) {
  const net::RequestHead& request = exchange.request();
  const std::string_view path = request.path();
  auto answer = guard_.refusal(request);
  if (!answer && issuer_.is_metadata_path(path)) {
    answer = request.method == "GET" || request.method == "HEAD"
                 ? net::Response::json(200, issuer_.metadata())
                 : net::Response::wrong_method("GET, HEAD");
  } else if (!answer && !is_endpoint(path)) {
    answer = net::Response::problem(404, "not-found", "there is nothing at this path");
  } else if (!answer && request.method != "POST") {
    answer = net::Response::wrong_method("POST");
  }
  if (!answer) answer = co_await answer_post(exchange);
  if (exchange.body_failed()) co_return;
  net::Response whole = uncached(*std::move(answer));
  (void)co_await exchange.respond(std::move(whole));  // the client may have left
}

net::Task<net::Response> Server::answer_post(net::Exchange& exchange) {
  const net::RequestHead& request = exchange.request();
  const net::Peer& peer = exchange.peer();
  if (const auto refusal = Form::wrong_request(request)) {
    co_return refuse(subject_of(request.path(), {}), *refusal, peer);
  }
  auto body = co_await exchange.read_whole_body(kLargestForm);
  if (!body) co_return net::Response::problem(413, "content-too-large", "the body is larger than 64 KiB");
  auto form = Form::parse(*std::move(body));
  if (!form) co_return refuse(subject_of(request.path(), {}), form.refusal(), peer);
  const Subject subject = subject_of(request.path(), (*form)["grant_type"]);
  auto outcome = co_await route(request, *form, peer);
  if (!outcome) co_return refuse(subject, outcome.refusal(), peer);
  metrics_.count(subject, std::nullopt);
  co_return std::move(*outcome);
}

net::Task<Outcome<net::Response>> Server::route(const net::RequestHead& request, const Form& form,
                                                const net::Peer& peer) {
  if (request.path() == Issuer::kToken) co_return co_await tokens_.answer(request, form, peer);
  const WallTime now = clock_->wall_now();
  auto proof = proof_in(request, form);
  if (!proof) co_return std::move(proof.refusal());
  auto client = authenticator_.authenticate(*proof, peer, now);
  if (!client) co_return std::move(client.refusal());
  if (request.path() == Issuer::kRevoke) co_return revoke(form, **client, broker_, issued_, now);
  co_return introspect(form, **client, broker_, issued_, issuer_.name(), now);
}

void Server::note(const net::Refusal& refusal) {
  if (refusal.of == net::Refusal::Of::request) return;
  refused_connections_.add();
  if (const auto held_back = refused_connections_logged_.take(net::Steady::now())) {
    log::info("a connection to the OAuth endpoints was refused",
              {{"reason", refusal.what},
               {"peer", refusal.peer},
               {"more_since_last_line", std::to_string(*held_back)}});
  }
}

net::Response Server::refuse(Subject subject, const Refusal& refusal, const net::Peer& peer) {
  metrics_.count(subject, refusal.reason);
  if (const auto held_back = refusals_[refusal.reason].take(net::Steady::now())) {
    log::info("an OAuth request was refused", {{"request", to_string(subject)},
                                               {"reason", to_string(refusal.reason)},
                                               {"peer", origin_of(peer)},
                                               {"certificate", shown(peer)},
                                               {"more_since_last_line", std::to_string(*held_back)}});
  }
  return answer(refusal);
}

}  // namespace tongs::gateway::oauth
