#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <tongs/clock.hpp>
#include <tongs/error.hpp>
#include <tongs/retry.hpp>

namespace tongs::gateway {

struct SourcePolicy {
  /// How a source that failed is left alone: drawn from a growing cap, but at least `floor`.
  RetryPolicy pause{.max_attempts = 2, .base = std::chrono::seconds(1), .cap = std::chrono::seconds(60)};
  std::chrono::milliseconds floor{1000};
  /// After a token was brought, none is asked for in the place of one that still lives.
  std::chrono::milliseconds settled{60000};
};

/// Decides when the active sources are asked for the system token of one installation, and which. It has no
/// clock, I/O or random source. What happens at `get`:
///
/// | the token in the vault          | no flight, a source may be asked     | a flight | all sources paused |
/// |---------------------------------|--------------------------------------|----------|--------------------|
/// | lives                           | serve                                | serve    | serve              |
/// | ends soon                       | serve_and_fly (settled: serve)       | serve    | serve              |
/// | lives, but a peer refused it    | fly (settled: serve)                 | join     | serve              |
/// | none, or ended                  | fly                                  | join     | fail               |
///
/// A flight asks one source after the other until one brings a token. Thread safety: none.
class SourceCell {
 public:
  enum class Held : std::uint8_t { good, ends_soon, refused, none };
  enum class Step : std::uint8_t { serve, serve_and_fly, fly, join, fail };

  /// `names` of the sources, in their order; they and the policy must outlive the cell.
  SourceCell(const std::vector<std::string_view>& names, const SourcePolicy& policy);

  /// `fly` and `serve_and_fly` begin a flight: the caller goes on with `next`.
  Step get(Held held, MonoTime now) noexcept;
  /// The source to ask now; nothing: the flight has landed without a token.
  std::optional<std::size_t> next(MonoTime now) noexcept;
  /// The flight has landed with a token.
  void brought(std::size_t source, MonoTime now) noexcept;
  /// The flight goes on. `sent`: a question that never left costs no pause.
  void failed(std::size_t source, Error why, bool sent, MonoTime now, std::uint32_t random);

  /// Why there is no token, by source, and when it makes sense to come again.
  Error why(MonoTime now) const;
  bool flying() const noexcept { return at_.has_value(); }
  /// A new cell would behave the same.
  bool is_blank(MonoTime now) const noexcept;

 private:
  struct Source {
    int failures = 0;  ///< in a row
    MonoTime not_before = MonoTime::min();
    std::optional<Error> last;
  };
  bool any_may_be_asked(MonoTime now) const noexcept;

  const std::vector<std::string_view>* names_;
  const SourcePolicy* policy_;
  std::vector<Source> sources_;
  std::optional<std::size_t> at_;  ///< of the flight: the first source that was not asked yet
  MonoTime settled_until_ = MonoTime::min();
};

/// How many failures a source may have over all installations before it is left alone as a whole: one a
/// second, and some in a row. Successes cost nothing. Thread safety: none.
class FailureBudget {
 public:
  static constexpr double kMost = 30;

  bool allows(MonoTime now) noexcept;
  void spend(MonoTime now) noexcept;

 private:
  void refill(MonoTime now) noexcept;
  double left_ = kMost;
  MonoTime filled_ = MonoTime::min();
};

}  // namespace tongs::gateway
