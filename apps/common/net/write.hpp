#pragma once
#include <array>
#include <cstddef>
#include <string_view>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

#include "common/net/task.hpp"

namespace tongs::net {

/// Writes all pieces, in order, in as few system calls as it takes. A plain socket is tried at once; only
/// when its buffer is full does the coroutine wait.
template <class Stream, std::size_t N>
Task<error_code> write_all(Stream& stream, std::array<std::string_view, N> pieces) {
  for (;;) {
    std::array<asio::const_buffer, N> buffers;
    std::size_t left = 0;
    for (std::size_t i = 0; i < N; ++i) {
      buffers[i] = asio::const_buffer(pieces[i].data(), pieces[i].size());
      left += pieces[i].size();
    }
    if (left == 0) co_return error_code{};
    error_code failed;
    std::size_t written = 0;
    if constexpr (requires { stream.native_non_blocking(); }) {
      written = stream.write_some(buffers, failed);
    } else {
      failed = asio::error::would_block;
    }
    if (failed == asio::error::would_block || failed == asio::error::try_again) {
      auto [waited, count] = co_await stream.async_write_some(buffers, use_tuple);
      failed = waited;
      written = count;
    }
    if (failed) co_return failed;
    for (std::string_view& piece : pieces) {
      const std::size_t taken = std::min(written, piece.size());
      piece.remove_prefix(taken);
      written -= taken;
    }
  }
}

}  // namespace tongs::net
