#pragma once
#include <array>
#include <memory>
#include <string_view>
#include <utility>

#include <boost/asio/ssl/host_name_verification.hpp>
#include <sys/socket.h>

#include "common/net/client.hpp"
#include "common/net/read.hpp"
#include "common/net/tls_stream.hpp"
#include "common/net/write.hpp"

namespace tongs::net {

/// An open connection of ours to a peer, whatever carries it.
class Channel : private Deadline {
 public:
  using Deadline::expires_after;
  using Deadline::expires_at;

  Channel(Reactor& reactor, Destination to, const MessageLimits& limits)
      : Deadline(reactor.watch), destination(std::move(to)), reader(limits) {}
  ~Channel() override {
    wake();
    if (watch_) watch_->closed();
  }

  /// As `net::write_now` and `net::write_all`.
  virtual error_code write_now(RequestPieces& pieces) = 0;
  virtual Task<error_code> write(RequestPieces pieces) = 0;
  /// Reads some bytes into `reader`.
  virtual Task<Read> fill() = 0;
  /// The answer is read to its end, and nothing has come after it.
  bool at_rest() const noexcept {
    return reader.parser().done() && reader.head().keep_alive && !reader.has_unread();
  }
  /// Has the peer neither closed nor sent anything unasked?
  virtual bool alive() noexcept = 0;

  bool timed_out() const noexcept { return timed_out_; }
  void rest() noexcept { disarm(); }

  /// From now on, until its end. Null: by nobody.
  void be_watched(ConnectionWatch* watch) {
    watch_ = watch;
    if (watch_) watch_->opened();
  }
  /// It is kept for another call.
  void fall_asleep() noexcept {
    asleep_ = true;
    if (watch_) watch_->rested();
  }
  /// No longer, if it was.
  void wake() noexcept {
    if (std::exchange(asleep_, false) && watch_) watch_->woken();
  }

  const Destination destination;
  MessageReader<false> reader;
  bool reused = false;

 protected:
  virtual void close() noexcept = 0;

 private:
  void expired() override {
    timed_out_ = true;
    close();
  }
  bool timed_out_ = false;
  bool asleep_ = false;
  ConnectionWatch* watch_ = nullptr;
};

/// A Channel over a stream of Asio.
template <class Stream>
class StreamChannel final : public Channel {
 public:
  StreamChannel(Reactor& reactor, Destination to, Stream stream, const MessageLimits& limits)
      : Channel(reactor, std::move(to), limits), stream_(std::move(stream)) {}

  error_code write_now(RequestPieces& pieces) override { return net::write_now(stream_, pieces); }
  Task<error_code> write(RequestPieces pieces) override { return net::write_all(stream_, pieces); }
  Task<Read> fill() override { return net::fill(stream_, reader); }
  bool alive() noexcept override {
    char byte = 0;
    const auto got = ::recv(socket_of(stream_).native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
  }
  Stream& stream() noexcept { return stream_; }

 private:
  void close() noexcept override {
    error_code ignored;  // there is nobody left who could do something about it
    socket_of(stream_).close(ignored);
  }

  Stream stream_;
};

}  // namespace tongs::net
