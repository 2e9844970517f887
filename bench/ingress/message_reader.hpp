#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace tongs::bench {

/// One whole HTTP/1.1 message. The views last until the reader is asked for room.
struct Message {
  std::string_view text;  ///< head and body as they came
  std::string_view head;  ///< with the empty line at its end
  bool last = false;      ///< its sender closes the connection behind it

  /// The status of a response; 0 of anything else.
  int status() const noexcept;
};

/// Cuts a stream of bytes into messages: a head, and a body by Content-Length or in chunks. Enough for the
/// programs of this benchmark and the proxies between them; no parser to meet strangers with.
class MessageReader {
 public:
  /// Where to put the bytes that come next.
  std::span<char> room();
  /// So many bytes were put there.
  void add(std::size_t bytes) noexcept { end_ += bytes; }
  /// The next message, once all of it has come.
  std::optional<Message> next() noexcept;

 private:
  std::vector<char> buffer_;
  std::size_t begin_ = 0;  ///< what lies before was given out
  std::size_t end_ = 0;
};

}  // namespace tongs::bench
