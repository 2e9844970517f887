#pragma once
#include <tuple>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <tongs/asio.hpp>

namespace tongs::net {

namespace asio = boost::asio;
using boost::system::error_code;

/// Every coroutine of the programs runs on a concrete executor: type-erased ones cost a third of a proxied
/// request.
using Context = asio::io_context;
using Executor = Context::executor_type;
template <class T = void>
using Task = asio::awaitable<T, Executor>;

/// Completion token of every I/O call: `auto [ec, n] = co_await socket.async_read_some(buffer, use_tuple);`
/// Deferred, because `use_awaitable` would make a coroutine of its own for each.
inline constexpr asio::as_tuple_t<asio::deferred_t> use_tuple{};

/// The executor of the running coroutine.
inline constexpr asio::this_coro::executor_t this_executor{};

}  // namespace tongs::net
