#include "gateway/metrics.hpp"

#include <limits>
#include <string>

namespace tongs::gateway {

ReasonCounters::ReasonCounters(metrics::Registry& registry, std::string_view name, std::string_view help,
                               std::initializer_list<std::string_view> usual)
    : registry_(registry), name_(name), help_(help) {
  for (const std::string_view reason : usual) usual_.emplace_back(reason, &counter(reason));
}

metrics::Counter& ReasonCounters::counter(std::string_view reason) const {
  return registry_.counter(name_, help_, {{"reason", reason}});
}

void ReasonCounters::add(std::string_view reason) {
  for (const auto& [known, counter] : usual_) {
    if (known == reason) return counter->add();
  }
  counter(reason).add();
}

IngressMetrics::IngressMetrics(metrics::Registry& registry)
    : accepted(registry.counter("tongs_ingress_accepted_total", "Invocations that were verified.")),
      refused(registry, "tongs_ingress_refused_total", "Requests that were not let in, by reason.",
              {"algorithm_not_allowed", "audience_mismatch", "coding_not_implemented", "content_too_large",
               "head_too_large", "issuer_mismatch", "key_unknown", "keys_unavailable", "malformed_request",
               "method_not_implemented", "origin_not_allowed", "request_timeout", "signature_invalid",
               "source_not_allowed", "token_expired", "token_malformed", "token_not_yet_valid",
               "token_replayed", "version_not_supported"}),
      refused_connections(registry, "tongs_ingress_connections_refused_total",
                          "Connections that ended before their first request, by reason.",
                          {"proxy_header", "tls_handshake"}),
      verify_time(registry.histogram("tongs_ingress_verify_seconds",
                                     "Time from a request's head to the verdict about its token.",
                                     metrics::time_bounds())),
      backend_failures(registry, "tongs_ingress_backend_failures_total",
                       "Verified invocations that the backend did not answer, by reason.",
                       {"deadline_exceeded", "malformed_response", "transport_failed", "unavailable"}),
      registry_(registry) {}

void IngressMetrics::show_certificate(const net::TlsContext& tls) {
  if (!tls && !certificate_end_) return;
  certificate_end_ = &registry_.gauge("tongs_ingress_certificate_expires_seconds",
                                      "When the certificate of the ingress ends, in seconds since 1970.");
  const auto end = [&] {
    return static_cast<double>(net::certificates_end(*tls).time_since_epoch().count());
  };
  certificate_end_->set(tls ? end() : std::numeric_limits<double>::quiet_NaN());
}

StateMetrics::StateMetrics(metrics::Registry& registry)
    : keys(registry.gauge("tongs_jwks_keys", "Public keys of Forge that are held.")),
      keys_usable(registry.gauge("tongs_jwks_usable", "1 if these keys may be believed now.")),
      keys_stale(registry.gauge("tongs_jwks_stale", "1 if they are past their time and no newer ones came.")),
      keys_age(registry.gauge("tongs_jwks_age_seconds", "Since the request that brought these keys.")),
      key_fetches(registry.gauge("tongs_jwks_fetches", "Attempts to fetch the keys since the start.")),
      key_failures(registry.gauge("tongs_jwks_fetch_failures", "Attempts that brought no keys.")),
      installations(registry.gauge("tongs_vault_installations", "Installations on record.")),
      unsaved_rows(registry.gauge("tongs_vault_unsaved_rows", "Rows that are newer in memory than on disk.")),
      vault_failing(registry.gauge("tongs_vault_failing", "1 if the last write to the vault failed.")) {}

void StateMetrics::set(const JwksStatus& status) noexcept {
  keys.set(static_cast<double>(status.keys));
  keys_usable.set(status.usable ? 1 : 0);
  keys_stale.set(status.stale ? 1 : 0);
  keys_age.set(static_cast<double>(status.age.count()));
  key_fetches.set(static_cast<double>(status.fetches));
  key_failures.set(static_cast<double>(status.failures));
}

void StateMetrics::set(const vault::VaultStatus& status) noexcept {
  installations.set(static_cast<double>(status.installations));
  unsaved_rows.set(static_cast<double>(status.unsaved));
  vault_failing.set(status.failure ? 1 : 0);
}

EgressMetrics::EgressMetrics(metrics::Registry& registry)
    : refused(registry, "tongs_egress_refused_total",
              "Calls of the backend that never reached Atlassian, by reason.",
              {"deadline_exceeded", "forbidden", "invalid_argument", "not_found", "not_local", "rate_limited",
               "rejected", "secret", "tls_handshake", "transport_failed", "unavailable", "unknown_token",
               "user"}),
      broken(registry.counter("tongs_egress_broken_answers_total",
                              "Answers of Atlassian that broke off before their end.")) {
  for (std::size_t i = 0; i < by_class.size(); ++i) {
    by_class[i] =
        &registry.counter("tongs_egress_answers_total", "Answers of Atlassian, by class of their status.",
                          {{"class", std::to_string(i) + "xx"}});
  }
}

}  // namespace tongs::gateway
