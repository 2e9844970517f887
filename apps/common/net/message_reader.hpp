#pragma once
#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

#include "common/net/parser.hpp"
#include "common/net/task.hpp"

namespace tongs::net {

/// How reading came out.
enum class Read {
  done,       ///< what was asked for is there
  closed,     ///< the peer closed where it may: between messages
  cut_short,  ///< the peer closed or reset in the middle
  stopped,    ///< cancelled from our side: a deadline or a shutdown
  refused,    ///< `violation()` says why
};

/// Reads messages off a stream, one after the other, through one buffer: the head of the current message at
/// its front, behind it a window through which the body passes. Thread safety: none.
template <class Stream, bool IsRequest>
class MessageReader {
 public:
  MessageReader(Stream& stream, const MessageLimits& limits)
      : stream_(stream), limits_(limits), parser_(limits) {}

  /// Ends when at least one byte of the next message is there.
  Task<Read> wait() {
    start_message();
    if (begin_ < end_) co_return Read::done;
    const Read got = co_await fill();
    co_return got == Read::cut_short ? Read::closed : got;
  }

  /// Reads the head of the message that `wait` saw the start of.
  Task<Read> read_head() {
    for (;;) {
      const auto step = parser_.feed(unread());
      begin_ += step.consumed;
      if (parser_.violation()) co_return Read::refused;
      if (parser_.head_done()) break;
      if (!step.need_more) continue;
      const Read got = co_await fill();
      if (got != Read::done) co_return got;
    }
    window_ = begin_;
    co_return Read::done;
  }

  /// The next piece of the body into `piece`, which stays valid until the next call; empty at the end.
  Task<Read> read_body(std::string_view& piece) {
    piece = {};
    while (!parser_.done()) {
      if (begin_ < end_) {
        const auto step = parser_.feed(unread());
        begin_ += step.consumed;
        if (parser_.violation()) co_return Read::refused;
        piece = step.body;
        if (!piece.empty()) co_return Read::done;
        if (!step.need_more) continue;
      }
      reopen_window();
      const Read got = co_await fill();
      if (got == Read::cut_short && parser_.feed_end()) break;
      if (got != Read::done) co_return got;
    }
    co_return Read::done;
  }

  /// Would `read_body` give something at once?
  bool body_waits() const noexcept { return parser_.done() || begin_ < end_; }
  /// Bytes behind the current message, if it is done: the start of the next one.
  bool has_leftover() const noexcept { return begin_ < end_; }
  bool between_messages() const noexcept { return !parser_.started() || parser_.done(); }

  Parser<IsRequest>& parser() noexcept { return parser_; }
  const Parser<IsRequest>& parser() const noexcept { return parser_; }
  const auto& head() const noexcept { return parser_.head(); }

 private:
  static constexpr std::size_t kFirstCapacity = 8 * 1024;
  static constexpr std::size_t kWindow = 32 * 1024;

  std::string_view unread() const noexcept { return {buffer_.get() + begin_, end_ - begin_}; }

  void start_message() {
    if (parser_.started()) parser_.reset();
    if (begin_ > 0 && begin_ < end_) std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    window_ = 0;
  }

  /// Moves what is unread of the body to the front of the window and makes the window wide.
  void reopen_window() {
    if (begin_ > window_) {
      std::memmove(buffer_.get() + window_, buffer_.get() + begin_, end_ - begin_);
      end_ -= begin_ - window_;
      begin_ = window_;
    }
    if (capacity_ < window_ + kWindow) grow(window_ + kWindow);
  }

  void grow(std::size_t capacity) {
    auto larger = std::make_unique_for_overwrite<char[]>(capacity);
    if (end_ > 0) std::memcpy(larger.get(), buffer_.get(), end_);
    if (buffer_) parser_.moved(buffer_.get(), larger.get());
    buffer_ = std::move(larger);
    capacity_ = capacity;
  }

  Task<Read> fill() {
    if (end_ == capacity_) {
      // A head that does not fit ends in the parser's own limit; this one only keeps the buffer in bounds.
      if (capacity_ > limits_.head_bytes + kWindow) co_return Read::refused;
      grow(std::max(kFirstCapacity, capacity_ * 2));
    }
    auto [failed, count] =
        co_await stream_.async_read_some(asio::buffer(buffer_.get() + end_, capacity_ - end_), use_tuple);
    end_ += count;
    if (!failed) co_return Read::done;
    co_return failed == asio::error::operation_aborted ? Read::stopped : Read::cut_short;
  }

  Stream& stream_;
  const MessageLimits limits_;
  Parser<IsRequest> parser_;
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0;
  std::size_t window_ = 0;  ///< where the head ends
  std::size_t begin_ = 0, end_ = 0;
};

}  // namespace tongs::net
