#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace tongs::net {

/// One header field as it stands in the message.
struct Field {
  std::string_view name, value;
};

/// Header fields in their order. Views into the buffer of a connection: valid until the next message is read.
class Fields {
 public:
  /// The first value of that name (without regard to case), or nothing.
  std::optional<std::string_view> find(std::string_view name) const noexcept;
  std::size_t count(std::string_view name) const noexcept;

  std::vector<Field>::const_iterator begin() const noexcept { return list.begin(); }
  std::vector<Field>::const_iterator end() const noexcept { return list.end(); }
  std::size_t size() const noexcept { return list.size(); }

  std::vector<Field> list;
};

/// How long a body is (RFC 9112 6.3).
struct Framing {
  /// As the field says it, also where no body comes (HEAD, 304). A request without a body has 0.
  std::optional<std::uint64_t> content_length;
  bool chunked = false;
};

struct RequestHead {
  std::string_view method, target;
  int version = 11;  ///< 10 or 11
  Fields fields;
  Framing framing;
  bool keep_alive = true;

  /// The target up to `?`, and what follows it.
  std::string_view path() const noexcept { return target.substr(0, target.find('?')); }
  std::string_view query() const noexcept {
    const auto mark = target.find('?');
    return mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
  }
};

struct ResponseHead {
  int status = 0;
  std::string_view reason;
  int version = 11;
  Fields fields;
  Framing framing;
  bool keep_alive = true;
};

/// Bounds on what a peer may send.
struct MessageLimits {
  std::size_t head_bytes = 32 * 1024;  ///< start line and header fields together
  std::size_t fields = 128;
  std::uint64_t body_bytes = 16 * 1024 * 1024;
};

/// What is wrong with a message, as the status that answers it and a sentence of ours.
struct Violation {
  int status = 0;
  std::string_view what;
};

}  // namespace tongs::net
