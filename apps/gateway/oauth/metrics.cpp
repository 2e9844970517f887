#include "gateway/oauth/metrics.hpp"

namespace tongs::gateway::oauth {

std::string_view to_string(Subject subject) noexcept {
  constexpr std::array<std::string_view, kSubjects> names = {
      "client_credentials", "token_exchange", "jwt_bearer", "other_grant", "revocation", "introspection"};
  return names[static_cast<std::size_t>(subject)];
}

void Metrics::count(Subject subject, std::optional<Reason> refused) {
  const std::size_t outcome = refused ? static_cast<std::size_t>(*refused) : kReasons;
  auto& counter = counters_[static_cast<std::size_t>(subject)][outcome];
  if (counter == nullptr) {
    counter = &registry_.counter("tongs_oauth_requests_total", "Requests to the OAuth endpoints, by outcome.",
                                 {{"request", to_string(subject)},
                                  {"outcome", refused ? to_string(*refused) : std::string_view("fine")}});
  }
  counter->add();
}

}  // namespace tongs::gateway::oauth
