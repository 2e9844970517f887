#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include <boost/asio/post.hpp>

#include "common/net/reactor.hpp"
#include "common/net/timer.hpp"

namespace tongs::net {

/// Starts something that calls back once, on any thread, and waits for that on this reactor; nothing if it
/// has not come after `patience`.
template <class T>
Task<std::optional<T>> await_callback(Reactor& reactor, std::function<void(std::function<void(T)>)> start,
                                      Steady::duration patience) {
  struct Wait {
    explicit Wait(Context& context) : timer(context) {}
    Timer timer;
    std::optional<T> value;
  };
  const auto wait = std::make_shared<Wait>(reactor.context);
  wait->timer.expires_after(patience);
  start([wait, &context = reactor.context](T value) {
    asio::post(context, [wait, value = std::move(value)]() mutable {
      wait->value = std::move(value);
      wait->timer.cancel();
    });
  });
  auto [ended] = co_await wait->timer.async_wait(use_tuple);
  (void)ended;  // by the callback, or by time: the value tells
  co_return std::move(wait->value);
}

}  // namespace tongs::net
