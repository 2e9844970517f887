#pragma once
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <tongs/asio.hpp>

namespace tongs::detail {

using AsioExecutor = boost::asio::io_context::executor_type;
using AsioTimer =
    boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                      boost::asio::wait_traits<std::chrono::steady_clock>, AsioExecutor>;
inline constexpr boost::asio::as_tuple_t<boost::asio::use_awaitable_t<AsioExecutor>> use_tuple{};

/// Where the callers of one flight wait for its end, each until his own deadline.
/// Thread safety: none.
template <class Outcome>
class AsioLanding {
 public:
  explicit AsioLanding(boost::asio::io_context& context) : context_(context) {}

  bool landed() const noexcept { return outcome_.has_value(); }

  void land(Outcome outcome) {
    outcome_.emplace(std::move(outcome));
    for (AsioTimer* timer : waiting_) timer->cancel();
  }

  /// The outcome, or nothing if `deadline` came first.
  Task<std::optional<Outcome>> wait(MonoTime deadline) {
    if (!outcome_) {
      AsioTimer timer(context_, deadline);
      waiting_.push_back(&timer);
      auto [woken] = co_await timer.async_wait(use_tuple);
      (void)woken;  // landed or out of time: the outcome tells
      std::erase(waiting_, &timer);
    }
    co_return outcome_;
  }

 private:
  boost::asio::io_context& context_;
  std::optional<Outcome> outcome_;
  std::vector<AsioTimer*> waiting_;
};

}  // namespace tongs::detail
