#pragma once
#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <type_traits>

#include "common/net/head.hpp"

namespace tongs::net {

/// Reads HTTP/1 messages out of bytes as they come: Beast's parser, with everything refused that two parsers
/// could read in two ways (RFC 9112 6.1, 11.2): obsolete line folding, bare line feeds, also in a chunk's
/// extension, a second or listed Content-Length, any Transfer-Encoding but one `chunked`, any in HTTP/1.0,
/// both fields together, a missing, second or malformed Host, a target with a fragment or with bytes that are
/// no visible ASCII. What is accepted does not depend on the pieces in which it comes. Thread safety: none.
template <bool IsRequest>
class Parser {
 public:
  using Head = std::conditional_t<IsRequest, RequestHead, ResponseHead>;

  explicit Parser(const MessageLimits& limits);
  ~Parser();

  /// Makes ready for the next message.
  void reset();
  /// The response that comes has no body, whatever its head says: it answers HEAD.
  void expect_no_body();

  struct Step {
    std::size_t consumed = 0;
    std::string_view body;  ///< a piece of the body, inside the input
    bool need_more = false;
  };
  /// Takes what it can of `input`. Bytes of the head must stay where they are until the message is done:
  /// `input` of the next call starts where `consumed` of this one ended, in the same memory, or the head is
  /// told by `moved`.
  Step feed(std::string_view input);
  /// The memory that holds the head is now at `to` (where it was at `from` before).
  void moved(const char* from, const char* to) noexcept;
  /// The peer closed. False if that cuts a message short.
  bool feed_end();

  bool started() const noexcept;
  bool head_done() const noexcept;
  bool done() const noexcept;
  /// Set once the message cannot be accepted.
  const std::optional<Violation>& violation() const noexcept;
  const Head& head() const noexcept;
  /// Fields after the last chunk. Valid when done.
  const Fields& trailers() const noexcept;

 private:
  class Machine;
  std::unique_ptr<Machine> machine_;
};

extern template class Parser<true>;
extern template class Parser<false>;
using RequestParser = Parser<true>;
using ResponseParser = Parser<false>;

}  // namespace tongs::net
