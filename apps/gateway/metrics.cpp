#include "gateway/metrics.hpp"

#include <string>

namespace tongs::gateway {

FailureCounters::FailureCounters(metrics::Registry& registry, std::string_view name, std::string_view help) {
  for (std::size_t i = 0; i < counters_.size(); ++i) {
    counters_[i] = &registry.counter(name, help, {{"reason", to_string(static_cast<Errc>(i))}});
  }
}

IngressMetrics::IngressMetrics(metrics::Registry& registry)
    : accepted(registry.counter("tongs_ingress_accepted_total", "Invocations that were verified.")),
      refused(registry, "tongs_ingress_refused_total", "Invocations that were not let in, by reason."),
      verify_time(registry.histogram("tongs_ingress_verify_seconds",
                                     "Time from a request's head to the verdict about its token.",
                                     metrics::time_bounds())),
      backend_failures(registry, "tongs_ingress_backend_failures_total",
                       "Verified invocations that the backend did not answer, by reason.") {}

EgressMetrics::EgressMetrics(metrics::Registry& registry)
    : refused(registry, "tongs_egress_refused_total",
              "Calls of the backend that never reached Atlassian, by reason."),
      broken(registry.counter("tongs_egress_broken_answers_total",
                              "Answers of Atlassian that broke off before their end.")) {
  for (std::size_t i = 0; i < by_class.size(); ++i) {
    by_class[i] =
        &registry.counter("tongs_egress_answers_total", "Answers of Atlassian, by class of their status.",
                          {{"class", std::to_string(i) + "xx"}});
  }
}

}  // namespace tongs::gateway
