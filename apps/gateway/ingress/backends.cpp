#include "gateway/ingress/backends.hpp"

#include <algorithm>
#include <utility>

#include "common/log.hpp"

namespace tongs::gateway {

namespace {

std::string name_of(const net::Destination& to) {
  if (!to.unix_path.empty()) return "unix:" + to.unix_path;
  return (to.tls ? "https://" : "http://") + to.authority();
}

double difference(const metrics::Counter& more, const metrics::Counter& fewer) noexcept {
  // Two counters are not read at one moment.
  const std::uint64_t taken = fewer.value();
  return static_cast<double>(more.value() - std::min(taken, more.value()));
}

}  // namespace

Backend::Backend(metrics::Registry& registry, std::string name, const HealthPolicy& policy)
    : name_(std::move(name)),
      up_(registry.gauge("tongs_ingress_backend_up", "1 unless it takes no connections and is left alone.",
                         {{"backend", name_}})),
      open_(registry.gauge("tongs_ingress_backend_connections", "Open connections to a backend.",
                           {{"backend", name_}})),
      idle_(registry.gauge("tongs_ingress_backend_idle_connections", "Those that wait for a request.",
                           {{"backend", name_}})),
      connect_failures_(registry.counter("tongs_ingress_backend_connect_failures_total",
                                         "Connections to a backend that could not be opened.",
                                         {{"backend", name_}})),
      timeouts_(registry.counter("tongs_ingress_backend_timeouts_total",
                                 "Requests that a backend did not answer in time.", {{"backend", name_}})),
      spared_(registry.counter("tongs_ingress_backend_spared_total",
                               "Requests that were answered with 502 at once, because a backend is down.",
                               {{"backend", name_}})),
      by_class_(),
      policy_(policy) {
  for (std::size_t i = 0; i < by_class_.size(); ++i) {
    by_class_[i] = &registry.counter("tongs_ingress_backend_answers_total",
                                     "Answers of a backend, by class of their status.",
                                     {{"backend", name_}, {"class", std::to_string(i + 1) + "xx"}});
  }
  up_.set(1);
}

std::optional<std::chrono::milliseconds> Backend::pause() {
  if (sound_.load(std::memory_order_relaxed)) return std::nullopt;
  const std::lock_guard hold(mutex_);
  const auto pause = health_.pause(policy_, net::Steady::now());
  if (pause) spared_.add();
  return pause;
}

void Backend::answered(int status) {
  if (status >= 100 && status < 600) by_class_[static_cast<std::size_t>(status / 100) - 1]->add();
  lives();
}

void Backend::use(const HealthPolicy& policy) {
  const std::lock_guard hold(mutex_);
  policy_ = policy;
}

void Backend::opened() {
  opened_.add();
  lives();
}

void Backend::lives() {
  if (sound_.load(std::memory_order_relaxed)) return;
  {
    const std::lock_guard hold(mutex_);
    const bool was_down = health_.lives();
    sound_ = true;
    if (!was_down) return;
    up_.set(1);
  }
  log::info("a backend takes connections again", {{"backend", name_}});
}

void Backend::failed(net::Steady::time_point began) {
  connect_failures_.add();
  {
    const std::lock_guard hold(mutex_);
    const bool is_down_now = health_.failed(policy_, began, net::Steady::now());
    sound_ = health_.sound();
    if (!is_down_now) return;
    up_.set(0);
  }
  log::warn("a backend takes no connections: it is only tried now and then", {{"backend", name_}});
}

void Backend::show() noexcept {
  open_.set(difference(opened_, closed_));
  idle_.set(difference(rested_, woken_));
}

Backend& Backends::of(const net::Destination& to, const HealthPolicy& policy) {
  {
    const std::lock_guard hold(mutex_);
    if (const auto found = all_.find(to); found != all_.end()) {
      found->second->use(policy);
      return *found->second;
    }
  }
  // Not under the lock: whoever reads the metrics holds the registry's and waits for this one.
  auto made = std::make_unique<Backend>(registry_, name_of(to), policy);
  const std::lock_guard hold(mutex_);
  return *all_.emplace(to, std::move(made)).first->second;
}

void Backends::show() noexcept {
  const std::lock_guard hold(mutex_);
  for (const auto& [to, backend] : all_) backend->show();
}

}  // namespace tongs::gateway
