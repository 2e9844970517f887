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

  void land(Outcome outcome) {
    outcome_.emplace(std::move(outcome));
    for (Waiter* waiter : waiting_) waiter->timer.cancel();
  }

  /// The outcome. Errors of the caller's own: deadline_exceeded, cancelled.
  Task<Result<Outcome>> wait(MonoTime deadline) {
    if (!outcome_) {
      Waiter waiter(*this, deadline);
      auto [woken] = co_await waiter.timer.async_wait(use_tuple);
      if (!outcome_ && woken) co_return Error(Errc::cancelled, "the caller no longer waits");
      if (!outcome_) co_return Error(Errc::deadline_exceeded, "the answer did not come in time");
    }
    co_return *outcome_;
  }

 private:
  /// Known to the landing for as long as it lives, however its coroutine ends.
  struct Waiter {
    Waiter(AsioLanding& at, MonoTime deadline) : landing(at), timer(at.context_, deadline) {
      landing.waiting_.push_back(this);
    }
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;
    ~Waiter() { std::erase(landing.waiting_, this); }

    AsioLanding& landing;
    AsioTimer timer;
  };

  boost::asio::io_context& context_;
  std::optional<Outcome> outcome_;
  std::vector<Waiter*> waiting_;
};

}  // namespace tongs::detail
