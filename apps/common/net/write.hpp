#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

#include "common/net/task.hpp"

namespace tongs::net {

/// Texts that go on the wire one behind the other. What was sent of them is gone.
template <std::size_t N>
using Pieces = std::array<std::string_view, N>;

template <std::size_t N>
bool all_sent(const Pieces<N>& pieces) noexcept {
  return std::ranges::all_of(pieces, [](std::string_view piece) { return piece.empty(); });
}

/// One alone is no array: the system has a quicker call for that.
template <std::size_t N>
auto buffers_of(const Pieces<N>& pieces) noexcept {
  const auto buffer = [](std::string_view piece) { return asio::const_buffer(piece.data(), piece.size()); };
  if constexpr (N == 1) {
    return buffer(pieces.front());
  } else {
    std::array<asio::const_buffer, N> buffers;
    std::ranges::transform(pieces, buffers.begin(), buffer);
    return buffers;
  }
}

template <std::size_t N>
void take_sent(Pieces<N>& pieces, std::size_t count) noexcept {
  for (std::string_view& piece : pieces) {
    const std::size_t taken = std::min(count, piece.size());
    piece.remove_prefix(taken);
    count -= taken;
  }
}

/// Writes as much as the system takes at once, in one system call. Streams that cannot say (TLS) take
/// nothing.
template <class Stream, std::size_t N>
error_code write_now(Stream& stream, Pieces<N>& pieces) {
  error_code failed;
  if constexpr (requires { stream.native_non_blocking(); }) {
    if (all_sent(pieces)) return failed;
    take_sent(pieces, stream.write_some(buffers_of(pieces), failed));
    if (failed == asio::error::would_block || failed == asio::error::try_again) failed = {};
  }
  return failed;
}

/// Writes all of them, waiting as often as it takes.
template <class Stream, std::size_t N>
Task<error_code> write_all(Stream& stream, Pieces<N> pieces) {
  error_code failed = write_now(stream, pieces);
  while (!failed && !all_sent(pieces)) {
    const auto buffers = buffers_of(pieces);
    auto [waited, count] = co_await stream.async_write_some(buffers, use_tuple);
    take_sent(pieces, count);
    failed = waited;
  }
  co_return failed;
}

}  // namespace tongs::net
