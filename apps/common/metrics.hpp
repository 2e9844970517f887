#pragma once
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <list>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tongs::metrics {

/// Each of the first `kShards` threads has a cache line of its own in a counter, so that workers share
/// nothing on their hot path; later threads double up.
inline constexpr std::size_t kShards = 16;
inline constexpr std::size_t kCacheLine = 64;
/// Which line is this thread's.
std::size_t shard() noexcept;

/// A number that only grows. Thread safety: any.
class Counter {
 public:
  /// One relaxed atomic addition.
  void add(std::uint64_t amount = 1) noexcept {
    lines_[shard()].count.fetch_add(amount, std::memory_order_relaxed);
  }
  std::uint64_t value() const noexcept;

 private:
  struct alignas(kCacheLine) Line {
    std::atomic<std::uint64_t> count{0};
  };
  std::array<Line, kShards> lines_;
};

/// A number that goes up and down. Thread safety: any.
class Gauge {
 public:
  void set(double value) noexcept { value_.store(value, std::memory_order_relaxed); }
  void add(double amount) noexcept { value_.fetch_add(amount, std::memory_order_relaxed); }
  double value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<double> value_{0};
};

/// How often values fell below each of some bounds. Thread safety: any.
class Histogram {
 public:
  static constexpr std::size_t kMaxBounds = 22;

  /// Preconditions: rising bounds, at most kMaxBounds (else std::logic_error is thrown).
  explicit Histogram(std::span<const double> bounds);
  /// Two relaxed atomic additions. `value` is in the unit of the bounds: by convention seconds or bytes.
  void observe(double value) noexcept;

  std::span<const double> bounds() const noexcept { return bounds_; }
  struct Totals {
    std::vector<std::uint64_t> counts;  ///< of each bound, and behind them of what exceeds them all
    double sum = 0;
  };
  Totals totals() const;

 private:
  struct alignas(kCacheLine) Line {
    std::array<std::atomic<std::uint64_t>, kMaxBounds + 1> counts{};
    std::atomic<double> sum{0};
  };
  std::vector<double> bounds_;
  std::array<Line, kShards> lines_;
};

/// Bounds for times of requests and fetches, in seconds: 100 µs to 30 s.
std::span<const double> time_bounds() noexcept;

/// Names and values that tell instruments of one family apart. Each different set is a series that lives as
/// long as the registry: values come from small closed sets (a verdict, an error code, a source), never from
/// a peer and never from something that grows (an installation, an account, a path).
using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

/// All instruments of a process. `name` and `help` follow Prometheus' conventions: `tongs_…_total` for
/// counters, `_seconds` and `_bytes` for units; `help` is one line. An instrument is made once and kept by
/// reference; asking for the same name and labels again gives the same one. It lives as long as the registry.
/// Errors: std::logic_error is thrown for a name or label that Prometheus refuses, and for one name with two
/// kinds or two lists of bounds. Thread safety: any.
class Registry {
 public:
  Registry();
  ~Registry();
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  Counter& counter(std::string_view name, std::string_view help, Labels labels = {});
  Gauge& gauge(std::string_view name, std::string_view help, Labels labels = {});
  Histogram& histogram(std::string_view name, std::string_view help, std::span<const double> bounds,
                       Labels labels = {});

  /// `job` sets gauges that nobody keeps up to date, each time before they are read. It runs on the reader's
  /// thread, under a lock: it must not block and not ask for instruments.
  void before_reading(std::function<void()> job);

  /// Everything, in the text format of Prometheus 0.0.4.
  std::string text() const;
  static constexpr std::string_view kContentType = "text/plain; version=0.0.4; charset=utf-8";

 private:
  struct Family;
  template <class Instrument>
  Family& family(std::string_view name, std::string_view help);

  mutable std::mutex mutex_;
  std::list<Family> families_;
  std::vector<std::function<void()>> jobs_;
};

}  // namespace tongs::metrics
