#pragma once
#include <algorithm>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

#include "common/net/parser.hpp"

namespace tongs::net {

/// What a reader can do with the bytes that it has.
enum class Progress {
  done,     ///< what was asked for is there
  more,     ///< nothing without more bytes
  refused,  ///< `violation()` says why
};

/// Takes messages out of the bytes of a connection, one after the other, through one buffer: the head of the
/// current message at its front, behind it a window through which the body passes. Without I/O: whoever uses
/// it reads into `room()` whenever there is need for more. Thread safety: none.
template <bool IsRequest>
class MessageReader {
 public:
  explicit MessageReader(const MessageLimits& limits) : limits_(limits), parser_(limits) {}

  /// Makes ready for the next message; what has come of it already stays. What views showed of the last one
  /// is gone.
  void start() {
    if (parser_.started()) parser_.reset();
    if (begin_ > 0 && begin_ < end_) std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    window_ = 0;
  }

  Progress read_head() {
    if (parser_.violation()) return Progress::refused;
    while (begin_ < end_) {
      const auto step = parser_.feed(unread());
      begin_ += step.consumed;
      if (parser_.violation()) return Progress::refused;
      if (parser_.head_done()) {
        window_ = begin_;
        return Progress::done;
      }
      if (step.need_more) break;
    }
    return Progress::more;
  }

  /// The next piece of the body into `piece`, which stays valid until the next call; empty at the end.
  Progress read_body(std::string_view& piece) {
    piece = {};
    if (parser_.violation()) return Progress::refused;
    while (!parser_.done()) {
      if (begin_ == end_) return Progress::more;
      const auto step = parser_.feed(unread());
      begin_ += step.consumed;
      if (parser_.violation()) return Progress::refused;
      piece = step.body;
      if (!piece.empty()) return Progress::done;
      if (step.need_more) return Progress::more;
    }
    return Progress::done;
  }

  /// Where the next bytes go; empty: the message does not fit.
  std::span<char> room() {
    if (parser_.head_done()) reopen_window();
    if (end_ == capacity_) {
      // A head that does not fit ends in the parser's own limit; this one only keeps the buffer in bounds.
      if (capacity_ > limits_.head_bytes + kWindow) return {};
      grow(std::max(kFirstCapacity, capacity_ * 2));
    }
    return {buffer_.get() + end_, capacity_ - end_};
  }
  /// So many bytes were put there.
  void got(std::size_t count) noexcept { end_ += count; }
  /// The peer closed. True: that was the end of the message.
  bool close() { return parser_.started() && parser_.feed_end(); }

  /// Bytes that nobody has asked for yet: the start of the next message, if the current one is done.
  bool has_unread() const noexcept { return begin_ < end_; }
  /// Would `read_body` give something at once?
  bool body_waits() const noexcept { return parser_.done() || has_unread(); }

  Parser<IsRequest>& parser() noexcept { return parser_; }
  const Parser<IsRequest>& parser() const noexcept { return parser_; }
  const auto& head() const noexcept { return parser_.head(); }

 private:
  static constexpr std::size_t kFirstCapacity = std::size_t{8} * 1024;
  static constexpr std::size_t kWindow = std::size_t{32} * 1024;

  std::string_view unread() const noexcept { return {buffer_.get() + begin_, end_ - begin_}; }

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

  const MessageLimits limits_;
  Parser<IsRequest> parser_;
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0;
  std::size_t window_ = 0;  ///< where the head ends
  std::size_t begin_ = 0, end_ = 0;
};

}  // namespace tongs::net
