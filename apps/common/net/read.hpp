#pragma once
#include <span>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

#include "common/net/message_reader.hpp"
#include "common/net/task.hpp"

namespace tongs::net {

/// How reading from a peer came out.
enum class Read {
  done,       ///< what was asked for is there
  ended,      ///< the peer closed in order
  cut_short,  ///< the connection broke
  stopped,    ///< cancelled from our side: a deadline or a shutdown
  refused,    ///< the reader's `violation()` says why
};

/// Reads some bytes of `stream` into `reader`.
template <class Stream, bool IsRequest>
Task<Read> fill(Stream& stream, MessageReader<IsRequest>& reader) {
  const std::span<char> room = reader.room();
  if (room.empty()) co_return Read::refused;
  auto [failed, count] = co_await stream.async_read_some(asio::buffer(room.data(), room.size()), use_tuple);
  reader.got(count);
  if (!failed) co_return Read::done;
  if (failed == asio::error::eof) co_return Read::ended;  // of TLS: with its own end
  co_return failed == asio::error::operation_aborted ? Read::stopped : Read::cut_short;
}

}  // namespace tongs::net
