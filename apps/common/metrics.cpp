#include "common/metrics.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <variant>

#include <prometheus/check_names.h>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

namespace tongs::metrics {

namespace {

using OwnedLabels = std::vector<prometheus::ClientMetric::Label>;

/// Sorted, so that the order in which labels are named makes no second series.
OwnedLabels own(Labels labels) {
  OwnedLabels owned;
  for (const auto& [name, value] : labels) {
    if (!prometheus::CheckLabelName(std::string(name))) {
      throw std::logic_error("no name for a label: " + std::string(name));
    }
    owned.push_back({std::string(name), std::string(value)});
  }
  std::sort(owned.begin(), owned.end());
  return owned;
}

template <class Instrument>
using Series = std::map<OwnedLabels, Instrument>;

prometheus::ClientMetric read(const Counter& counter) {
  prometheus::ClientMetric metric;
  metric.counter.value = static_cast<double>(counter.value());
  return metric;
}

prometheus::ClientMetric read(const Gauge& gauge) {
  prometheus::ClientMetric metric;
  metric.gauge.value = gauge.value();
  return metric;
}

prometheus::ClientMetric read(const Histogram& histogram) {
  prometheus::ClientMetric metric;
  const auto [counts, sum] = histogram.totals();
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < histogram.bounds().size(); ++i) {
    below += counts[i];
    metric.histogram.bucket.push_back({below, histogram.bounds()[i]});
  }
  metric.histogram.sample_count = below + counts.back();
  metric.histogram.sample_sum = sum;
  return metric;
}

template <class Instrument>
void read_all(const Series<Instrument>& series, std::vector<prometheus::ClientMetric>& metrics) {
  for (const auto& [labels, instrument] : series) {
    metrics.push_back(read(instrument));
    metrics.back().label = labels;
  }
}

}  // namespace

std::size_t shard() noexcept {
  static std::atomic<std::size_t> threads{0};
  thread_local const std::size_t mine = threads.fetch_add(1, std::memory_order_relaxed) % kShards;
  return mine;
}

std::uint64_t Counter::value() const noexcept {
  std::uint64_t sum = 0;
  for (const Line& line : lines_) sum += line.count.load(std::memory_order_relaxed);
  return sum;
}

Histogram::Histogram(std::span<const double> bounds) : bounds_(bounds.begin(), bounds.end()) {
  const bool rises =
      std::adjacent_find(bounds_.begin(), bounds_.end(), std::greater_equal<>()) == bounds_.end();
  if (!rises || bounds_.size() > kMaxBounds) throw std::logic_error("bounds that do not rise, or too many");
}

void Histogram::observe(double value) noexcept {
  const auto bound = std::lower_bound(bounds_.begin(), bounds_.end(), value);
  Line& line = lines_[shard()];
  line.counts[static_cast<std::size_t>(bound - bounds_.begin())].fetch_add(1, std::memory_order_relaxed);
  line.sum.fetch_add(value, std::memory_order_relaxed);
}

Histogram::Totals Histogram::totals() const {
  Totals totals{.counts = std::vector<std::uint64_t>(bounds_.size() + 1)};
  for (const Line& line : lines_) {
    for (std::size_t i = 0; i < totals.counts.size(); ++i) {
      totals.counts[i] += line.counts[i].load(std::memory_order_relaxed);
    }
    totals.sum += line.sum.load(std::memory_order_relaxed);
  }
  return totals;
}

std::span<const double> time_bounds() noexcept {
  static constexpr std::array bounds = {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                        0.1,    0.25,    0.5,    1.0,   2.5,    5.0,   10.0, 30.0};
  return bounds;
}

struct Registry::Family {
  std::string name, help;
  std::variant<Series<Counter>, Series<Gauge>, Series<Histogram>> series;

  prometheus::MetricType type() const noexcept {
    constexpr std::array types = {prometheus::MetricType::Counter, prometheus::MetricType::Gauge,
                                  prometheus::MetricType::Histogram};
    return types[series.index()];
  }
};

Registry::Registry() = default;
Registry::~Registry() = default;

template <class Instrument>
Registry::Family& Registry::family(std::string_view name, std::string_view help) {
  for (Family& family : families_) {
    if (family.name != name) continue;
    if (std::holds_alternative<Series<Instrument>>(family.series)) return family;
    throw std::logic_error("a metric of two kinds: " + family.name);
  }
  if (!prometheus::CheckMetricName(std::string(name))) {
    throw std::logic_error("no name for a metric: " + std::string(name));
  }
  return families_.emplace_back(Family{std::string(name), std::string(help), Series<Instrument>{}});
}

Counter& Registry::counter(std::string_view name, std::string_view help, Labels labels) {
  const std::lock_guard hold(mutex_);
  return std::get<Series<Counter>>(family<Counter>(name, help).series)[own(labels)];
}

Gauge& Registry::gauge(std::string_view name, std::string_view help, Labels labels) {
  const std::lock_guard hold(mutex_);
  return std::get<Series<Gauge>>(family<Gauge>(name, help).series)[own(labels)];
}

Histogram& Registry::histogram(std::string_view name, std::string_view help, std::span<const double> bounds,
                               Labels labels) {
  const std::lock_guard hold(mutex_);
  auto& series = std::get<Series<Histogram>>(family<Histogram>(name, help).series);
  Histogram& histogram = series.try_emplace(own(labels), bounds).first->second;
  if (!std::ranges::equal(series.begin()->second.bounds(), bounds) ||
      !std::ranges::equal(histogram.bounds(), bounds)) {
    throw std::logic_error("a histogram with two lists of bounds: " + std::string(name));
  }
  return histogram;
}

void Registry::before_reading(std::function<void()> job) {
  const std::lock_guard hold(mutex_);
  jobs_.push_back(std::move(job));
}

std::string Registry::text() const {
  const std::lock_guard hold(mutex_);
  for (const auto& job : jobs_) job();
  std::vector<prometheus::MetricFamily> families;
  for (const Family& family : families_) {
    auto& metrics =
        families.emplace_back(prometheus::MetricFamily{family.name, family.help, family.type(), {}});
    std::visit([&](const auto& series) { read_all(series, metrics.metric); }, family.series);
  }
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace tongs::metrics
