#pragma once
#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

/// HTTP/1 as RFC 9112 writes it, read line by line and without any leniency: a second opinion on what goes
/// over a wire. Shares no code with the product, so that both cannot be wrong in the same way.
namespace tongs::test::wire {

struct Line {
  std::string name, value;
  bool operator==(const Line&) const = default;
};

enum class State {
  whole,
  partial,  ///< more has to come
  wrong,    ///< `complaint` says why
};

/// One message, as far as it came.
struct Message {
  State state = State::partial;
  std::string complaint;
  std::array<std::string, 3> start;  ///< the words of the first line
  std::vector<Line> fields, trailers;
  std::string framing;  ///< `none`, `length`, `chunked`, or `close`; empty: the head has not come whole
  std::string body;
  std::vector<std::size_t> chunks;  ///< sizes, without the last one
  std::string raw;                  ///< the bytes that it was read from

  const std::string& method() const { return start[0]; }
  const std::string& target() const { return start[1]; }
  int status() const { return start[1].empty() ? 0 : std::stoi(start[1]); }
  /// All values of that name (in lower case).
  std::vector<std::string> all(std::string_view name) const;
  std::optional<std::string> field(std::string_view name) const {
    const auto values = all(name);
    return values.empty() ? std::nullopt : std::optional(values.front());
  }
};

inline std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

inline std::vector<std::string> Message::all(std::string_view name) const {
  std::vector<std::string> values;
  for (const Line& line : fields) {
    if (lower(line.name) == name) values.push_back(line.value);
  }
  return values;
}

namespace detail {

inline bool is_token(std::string_view text) {
  constexpr std::string_view signs = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           signs.find(c) != std::string_view::npos;
  });
}

inline std::string_view without_blanks(std::string_view text) {
  constexpr std::string_view blanks = " \t";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// The number that `text` is, and nothing but it.
inline std::optional<std::uint64_t> number(std::string_view text, int base) {
  std::uint64_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  const bool all = failed == std::errc() && end == text.data() + text.size();
  return all ? std::optional(value) : std::nullopt;
}

/// Reads one message from the front of some bytes.
class Reading {
 public:
  explicit Reading(std::string_view bytes) : all_(bytes), rest_(bytes) {}

  Message request() {
    if (rest_.starts_with("\r\n")) rest_.remove_prefix(2);  // RFC 9112 2.2: one empty line is forgiven
    if (!start_line() || !request_line() || !lines(message_.fields) || !framing_of_request()) return done();
    if (read_body()) message_.state = State::whole;
    return done();
  }

  /// `ended`: nothing will follow these bytes.
  Message answer(bool to_head, bool ended) {
    if (!start_line() || !status_line() || !lines(message_.fields) || !framing_of_answer(to_head))
      return done();
    if (message_.framing == "close") {
      message_.body = rest_;
      rest_ = {};
      if (ended) message_.state = State::whole;
    } else if (read_body()) {
      message_.state = State::whole;
    }
    return done();
  }

 private:
  Message done() {
    message_.raw = all_.substr(0, all_.size() - rest_.size());
    if (message_.state != State::whole) message_.raw = all_;
    return std::move(message_);
  }

  bool wrong(const char* what) {
    message_.state = State::wrong;
    message_.complaint = what;
    return false;
  }

  /// The next line, without its end. Nothing: it has not come whole, or is wrong.
  std::optional<std::string_view> line() {
    const auto end = rest_.find('\n');
    const std::string_view text = rest_.substr(0, end);
    const std::string_view content = text.ends_with('\r') ? text.substr(0, text.size() - 1) : text;
    const bool clean = std::all_of(content.begin(), content.end(), [](char c) {
      return c == '\t' || (static_cast<unsigned char>(c) >= ' ' && c != '\x7f');
    });
    if (!clean) {
      wrong("a control character in a line");
      return std::nullopt;
    }
    if (end == std::string_view::npos) return std::nullopt;
    if (content.size() == text.size()) {
      wrong("a line that ends with a bare line feed");
      return std::nullopt;
    }
    rest_.remove_prefix(end + 1);
    return content;
  }

  bool start_line() {
    const auto text = line();
    if (!text) return false;
    const auto first = text->find(' '), second = text->find(' ', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos) return wrong("not three words");
    message_.start = {std::string(text->substr(0, first)),
                      std::string(text->substr(first + 1, second - first - 1)),
                      std::string(text->substr(second + 1))};
    return true;
  }

  bool request_line() {
    const auto& [method, target, version] = message_.start;
    const bool visible =
        std::all_of(target.begin(), target.end(), [](char c) { return c > ' ' && c < '\x7f'; });
    if (!is_token(method)) return wrong("a method that is no token");
    if (!visible || target.find('#') != std::string::npos) return wrong("a target that is no target");
    if (!target.starts_with('/') && target != "*") return wrong("a target that is no path");
    if (version != "HTTP/1.1" && version != "HTTP/1.0") return wrong("another version");
    return true;
  }

  bool status_line() {
    const auto& [version, status, reason] = message_.start;
    if (version != "HTTP/1.1") return wrong("another version");
    if (status.size() != 3 || !number(status, 10) || status < "100") return wrong("a status that is none");
    return true;
  }

  /// Header lines up to the empty one.
  bool lines(std::vector<Line>& into) {
    for (;;) {
      const auto text = line();
      if (!text) return false;
      if (text->empty()) return true;
      const auto colon = text->find(':');
      if (colon == std::string_view::npos || !is_token(text->substr(0, colon))) return wrong("no field name");
      into.push_back(
          {std::string(text->substr(0, colon)), std::string(without_blanks(text->substr(colon + 1)))});
    }
  }

  /// RFC 9112 6.3, with everything refused that may be refused.
  bool framing_of_request() {
    const auto hosts = message_.all("host").size();
    if (hosts > 1 || (hosts == 0 && message_.start[2] == "HTTP/1.1")) return wrong("not one Host");
    return framing(message_.start[2], "none");
  }
  bool framing_of_answer(bool to_head) {
    const int status = message_.status();
    if (!framing("HTTP/1.1", "close")) return false;
    if (to_head || status < 200 || status == 204 || status == 304) message_.framing = "none";
    return true;
  }
  bool framing(std::string_view version, const char* otherwise) {
    const auto lengths = message_.all("content-length"), codings = message_.all("transfer-encoding");
    if (lengths.size() + codings.size() > 1) return wrong("the length is said twice");
    if (!codings.empty() && (version == "HTTP/1.0" || lower(codings[0]) != "chunked")) {
      return wrong("a transfer coding that is not chunked");
    }
    if (!lengths.empty()) {
      const auto length = number(lengths[0], 10);
      if (!length) return wrong("a Content-Length that is no number");
      length_ = *length;
    }
    message_.framing = !codings.empty() ? "chunked" : !lengths.empty() ? "length" : otherwise;
    return true;
  }

  /// True: it came to its end.
  bool read_body() {
    if (message_.framing == "chunked") return read_chunks();
    if (message_.framing == "none") return true;
    message_.body = take(length_);
    return message_.body.size() == length_;
  }

  bool read_chunks() {
    for (;;) {
      const auto text = line();
      if (!text) return false;
      const auto digits = text->substr(0, text->find_first_not_of("0123456789abcdefABCDEF"));
      const auto size = number(digits, 16);
      const auto extension = without_blanks(text->substr(digits.size()));
      if (!size || !(digits.size() == text->size() || extension.starts_with(';')))
        return wrong("no chunk size");
      if (*size == 0) return lines(message_.trailers);
      message_.body += take(*size);
      message_.chunks.push_back(*size);
      if (rest_.size() < 2)
        return rest_ == "\r" || rest_.empty() ? false : wrong("no line end behind a chunk");
      if (take(2) != "\r\n") return wrong("no line end behind a chunk");
    }
  }

  std::string take(std::uint64_t size) {
    std::string taken(rest_.substr(0, size));
    rest_.remove_prefix(taken.size());
    return taken;
  }

  const std::string_view all_;
  std::string_view rest_;
  std::uint64_t length_ = 0;
  Message message_;
};

}  // namespace detail

/// The request at the front of `bytes`.
inline Message read_request(std::string_view bytes) { return detail::Reading(bytes).request(); }
/// The answer at the front of `bytes`; `ended`: nothing will follow them.
inline Message read_answer(std::string_view bytes, bool to_head, bool ended) {
  return detail::Reading(bytes).answer(to_head, ended);
}

/// The one way to write a message down.
inline std::string written(const Message& message) {
  constexpr std::string_view end = "\r\n";
  const auto lines = [&](const std::vector<Line>& all) {
    std::string text;
    for (const Line& line : all) text.append(line.name).append(": ").append(line.value).append(end);
    return text.append(end);
  };
  std::string text = message.start[0] + ' ' + message.start[1] + ' ' + message.start[2];
  text.append(end).append(lines(message.fields));
  if (message.framing != "chunked") return text + message.body;
  std::size_t place = 0;
  for (const std::size_t size : message.chunks) {
    std::array<char, 16> digits{};
    const auto last = std::to_chars(digits.data(), digits.data() + digits.size(), size, 16).ptr;
    text.append(digits.data(), last).append(end).append(message.body, place, size).append(end);
    place += size;
  }
  return text.append("0").append(end).append(lines(message.trailers));
}

}  // namespace tongs::test::wire
