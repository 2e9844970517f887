#pragma once
#include <optional>
#include <utility>

#include "common/net/reactor.hpp"
#include "common/net/task.hpp"

namespace tongs::net {

namespace detail {

template <class T>
Task<std::optional<T>> wrapped(Task<T> task) {
  co_return std::optional<T>(co_await std::move(task));
}

}  // namespace detail

/// Runs `task` on the thread of another reactor; the caller goes on, on his own, with its result.
template <class T>
Task<T> run_on(Reactor& other, Task<T> task) {
  constexpr asio::use_awaitable_t<Executor> here{};
  std::optional<T> result = co_await asio::co_spawn(other.context, detail::wrapped(std::move(task)), here);
  co_return *std::move(result);
}

}  // namespace tongs::net
