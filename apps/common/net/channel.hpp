#pragma once
#include <array>
#include <memory>
#include <string_view>
#include <type_traits>

#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <sys/socket.h>

#include "common/net/client.hpp"
#include "common/net/message_reader.hpp"
#include "common/net/sockets.hpp"
#include "common/net/write.hpp"

namespace tongs::net {

using TlsStream = asio::ssl::stream<Socket<Tcp>>;

/// An open connection of ours to a peer, whatever carries it.
class Channel : private Deadline {
 public:
  using Deadline::expires_after;
  using Deadline::expires_at;

  Channel(Reactor& reactor, Destination to) : Deadline(reactor.watch), destination(std::move(to)) {}
  ~Channel() override = default;

  virtual Task<error_code> write(std::array<std::string_view, 3> pieces) = 0;
  virtual Task<Read> read_head() = 0;
  virtual Task<Read> read_body(std::string_view& piece) = 0;
  virtual ResponseParser& parser() noexcept = 0;
  virtual bool body_waits() const noexcept = 0;
  /// The answer is read to its end, and nothing has come after it.
  virtual bool at_rest() const noexcept = 0;
  /// Has the peer neither closed nor sent anything unasked?
  virtual bool alive() noexcept = 0;

  bool timed_out() const noexcept { return timed_out_; }
  void rest() noexcept { disarm(); }

  const Destination destination;
  bool reused = false;

 protected:
  virtual void close() noexcept = 0;

 private:
  void expired() override {
    timed_out_ = true;
    close();
  }
  bool timed_out_ = false;
};

/// A Channel over a stream of Asio.
template <class Stream>
class StreamChannel final : public Channel {
 public:
  StreamChannel(Reactor& reactor, Destination to, Stream stream, const MessageLimits& limits)
      : Channel(reactor, std::move(to)), stream_(std::move(stream)), reader_(stream_, limits) {}

  Task<error_code> write(std::array<std::string_view, 3> pieces) override {
    co_return co_await write_all(stream_, pieces);
  }
  Task<Read> read_head() override {
    const Read first = co_await reader_.wait();
    if (first != Read::done) co_return first;
    co_return co_await reader_.read_head();
  }
  Task<Read> read_body(std::string_view& piece) override { co_return co_await reader_.read_body(piece); }
  ResponseParser& parser() noexcept override { return reader_.parser(); }
  bool body_waits() const noexcept override { return reader_.body_waits(); }
  bool at_rest() const noexcept override {
    return reader_.parser().done() && reader_.head().keep_alive && !reader_.has_leftover();
  }
  bool alive() noexcept override {
    char byte = 0;
    const auto got = ::recv(socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
  }

  auto& socket() noexcept {
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      return stream_.next_layer();
    } else {
      return stream_;
    }
  }
  Stream& stream() noexcept { return stream_; }

 private:
  void close() noexcept override {
    error_code ignored;  // there is nobody left who could do something about it
    socket().close(ignored);
  }

  Stream stream_;
  MessageReader<Stream, false> reader_;
};

}  // namespace tongs::net
