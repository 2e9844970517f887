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

/// An operation that reads some bytes of `stream` into the room of `reader`, of which there must be some;
/// `outcome` says what came of it.
template <class Stream, bool IsRequest>
auto read_some(Stream& stream, MessageReader<IsRequest>& reader) {
  const std::span<char> room = reader.room();
  return stream.async_read_some(asio::buffer(room.data(), room.size()), use_tuple);
}

template <bool IsRequest>
Read outcome(MessageReader<IsRequest>& reader, const error_code& failed, std::size_t count) {
  reader.got(count);
  if (!failed) return Read::done;
  if (failed == asio::error::eof) return Read::ended;  // of TLS: with its own end
  return failed == asio::error::operation_aborted ? Read::stopped : Read::cut_short;
}

/// Reads some bytes of `stream` into `reader`.
template <class Stream, bool IsRequest>
Task<Read> fill(Stream& stream, MessageReader<IsRequest>& reader) {
  if (reader.room().empty()) co_return Read::refused;
  auto [failed, count] = co_await read_some(stream, reader);
  co_return outcome(reader, failed, count);
}

}  // namespace tongs::net
