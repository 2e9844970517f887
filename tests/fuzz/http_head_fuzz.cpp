#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tongs/http.hpp>

#include "common/net/parser.hpp"
#include "http/ascii.hpp"
#include "http/header_rules.hpp"

using namespace tongs::net;
using tongs::detail::is_field_value;
using tongs::detail::is_token;
using tongs::detail::trim;

namespace {

/// Small, so that a short input reaches each of them.
constexpr MessageLimits kLimits{.head_bytes = 512, .fields = 8, .body_bytes = 1024};

void require(bool condition) {
  if (!condition) std::abort();
}

using Lines = std::vector<std::pair<std::string, std::string>>;

Lines copy(const Fields& fields) {
  Lines lines;
  for (const Field& field : fields) lines.emplace_back(field.name, field.value);
  return lines;
}

std::string start_line(const RequestHead& head) {
  std::string line(head.method);
  return line.append(" ").append(head.target).append(head.version == 11 ? " HTTP/1.1" : " HTTP/1.0");
}
std::string start_line(const ResponseHead& head) {
  const std::string line(head.version == 11 ? "HTTP/1.1 " : "HTTP/1.0 ");
  const std::string status = std::to_string(head.status);
  return line + std::string(3 - status.size(), '0') + status + ' ' + std::string(head.reason);
}

/// A message as it was read, and the bytes that it was read from.
struct Message {
  std::string start;
  Lines fields, trailers;
  std::optional<std::uint64_t> content_length;
  bool chunked = false;
  bool keep_alive = false;
  bool whole = false;  ///< read to its end
  std::string body;
  std::string raw_head, raw_body;

  bool operator==(const Message&) const = default;
};

struct Reading {
  std::vector<Message> messages;  ///< those whose head was accepted; the last one may lack a part of its body
  bool refused = false;
  std::string unread;  ///< what came behind, or of the last one
};

/// Reads messages that come in pieces. Each piece moves all that came before to memory without room for more,
/// as a buffer that grows does at its worst.
template <bool IsRequest>
class Reader {
 public:
  /// Where each piece of `bytes` ends.
  using Cuts = std::vector<std::size_t>;

  static Reading read(std::string_view bytes, const Cuts& cuts) {
    Reader reader;
    for (const std::size_t cut : cuts) {
      reader.move_into(bytes.substr(0, cut));
      if (!reader.drain()) break;
    }
    reader.finish();
    return std::move(reader.reading_);
  }

 private:
  void move_into(std::string_view all) {
    auto larger = std::make_unique_for_overwrite<char[]>(all.size());
    std::memcpy(larger.get(), all.data(), all.size());
    parser_.moved(memory_.get(), larger.get());
    memory_ = std::move(larger);
    unread_ = std::string_view(memory_.get(), all.size()).substr(consumed_);
  }

  /// False once a message is refused.
  bool drain() {
    while (!unread_.empty()) {
      std::string& raw = accepted_ ? message_.raw_body : message_.raw_head;
      const auto step = parser_.feed(unread_);
      require(step.consumed <= unread_.size());
      raw.append(unread_.substr(0, step.consumed));
      unread_.remove_prefix(step.consumed);
      consumed_ += step.consumed;
      if (parser_.violation()) {
        reading_.refused = true;
        return false;
      }
      require(step.need_more || step.consumed > 0);
      accepted_ = parser_.head_done();
      message_.body.append(step.body);
      if (parser_.done()) next();
      if (step.need_more) return true;
    }
    return true;
  }

  void finish() {
    if (!reading_.refused && parser_.started()) (void)parser_.feed_end();
    if (accepted_) next();
    reading_.unread = unread_;
  }

  void next() {
    const auto& head = parser_.head();
    message_.start = start_line(head);
    message_.fields = copy(head.fields);
    message_.content_length = head.framing.content_length;
    message_.chunked = head.framing.chunked;
    message_.keep_alive = head.keep_alive;
    message_.whole = parser_.done();
    if (parser_.done()) message_.trailers = copy(parser_.trailers());
    reading_.messages.push_back(std::exchange(message_, {}));
    parser_.reset();
    accepted_ = false;
  }

  Parser<IsRequest> parser_{kLimits};
  Message message_;
  bool accepted_ = false;  ///< the head of the message
  Reading reading_;
  std::unique_ptr<char[]> memory_;
  std::string_view unread_;
  std::size_t consumed_ = 0;
};

/// The next line of what was accepted: it ends with CR LF and holds no other control character than HTAB.
std::string_view take_line(std::string_view& raw) {
  const std::size_t end = raw.find("\r\n");
  require(end != std::string_view::npos);
  const std::string_view line = raw.substr(0, end);
  require(is_field_value(line));
  raw.remove_prefix(end + 2);
  return line;
}

/// Every line is a field, every field is a line, up to the empty one.
void check_lines(std::string_view& raw, const Lines& fields) {
  require(fields.size() <= kLimits.fields);
  for (const auto& [name, value] : fields) {
    const std::string_view line = take_line(raw);
    require(is_token(name) && line.starts_with(name + ":"));
    require(trim(line.substr(name.size() + 1)) == value);
  }
  require(take_line(raw).empty());
}

/// The one value of that name, if there is one.
std::optional<std::string_view> single(const Lines& fields, std::string_view name) {
  std::optional<std::string_view> found;
  for (const auto& [each, value] : fields) {
    if (!tongs::same_header_name(each, name)) continue;
    require(!found);
    found = value;
  }
  return found;
}

/// Nobody can see another end of this message (RFC 9112 6.3).
template <bool IsRequest>
void check_framing(const Message& message) {
  const auto length = single(message.fields, "content-length");
  const auto coding = single(message.fields, "transfer-encoding");
  require(!length || !coding);
  require(!message.chunked || (coding && tongs::same_header_name(*coding, "chunked")));
  require(!(coding && IsRequest) || message.chunked);
  const bool http_1_0 =
      IsRequest ? message.start.ends_with(" HTTP/1.0") : message.start.starts_with("HTTP/1.0 ");
  require(!coding || !http_1_0);
  if (length) {
    std::uint64_t number = 0;
    const auto [end, failed] = std::from_chars(length->data(), length->data() + length->size(), number);
    require(failed == std::errc() && end == length->data() + length->size());
    require(message.content_length == number);
  }
  if constexpr (IsRequest) {
    require(message.chunked != message.content_length.has_value());
    require(message.content_length.value_or(0) <= kLimits.body_bytes);
    require(single(message.fields, "host") || http_1_0);
  }
}

/// Nothing in it means one thing to us and another to whom it is passed on.
void check_target(std::string_view target) {
  require(std::ranges::all_of(target, [](char c) { return c >= ' ' && c < '\x7f' && c != '#'; }));
}

template <bool IsRequest>
void check_head(const Message& message) {
  std::string_view raw = message.raw_head;
  if (IsRequest && raw.starts_with("\r\n")) raw.remove_prefix(2);
  require(raw.size() <= kLimits.head_bytes);
  require(take_line(raw) == message.start);
  if (IsRequest) check_target(message.start.substr(message.start.find(' ') + 1));
  check_lines(raw, message.fields);
  require(raw.empty());
  check_framing<IsRequest>(message);
}

/// The size at the start of a chunk's line, which is taken off.
std::optional<std::size_t> take_size(std::string_view& line) {
  std::size_t size = 0;
  const auto [end, failed] = std::from_chars(line.data(), line.data() + line.size(), size, 16);
  if (failed != std::errc()) return std::nullopt;
  line.remove_prefix(static_cast<std::size_t>(end - line.data()));
  return size;
}

/// RFC 9112 7.1, read once more.
void check_chunks(std::string_view raw, const Message& message) {
  std::string body;
  for (;;) {
    std::string_view line = take_line(raw);
    const auto size = take_size(line);
    require(size && (line.empty() || trim(line).starts_with(';')));
    if (*size == 0) break;
    body.append(raw.substr(0, *size));
    require(raw.size() >= *size + 2 && raw.substr(*size, 2) == "\r\n");
    raw.remove_prefix(*size + 2);
  }
  require(body == message.body);
  check_lines(raw, message.trailers);
  require(raw.empty());
}

/// Of chunks that are cut short, all data that came is read at once.
void check_cut_chunks(std::string_view raw, const Message& message) {
  std::string body;
  for (std::size_t end = raw.find("\r\n"); end != std::string_view::npos; end = raw.find("\r\n")) {
    std::string_view line = raw.substr(0, end);
    const auto size = take_size(line);
    if (!size || !line.empty()) return;  // whether an extension is well formed may be seen later
    if (*size == 0) break;
    raw.remove_prefix(end + 2);
    body.append(raw.substr(0, *size));
    raw.remove_prefix(std::min(raw.size(), *size + 2));
  }
  require(body == message.body);
}

void check_body(const Message& message, const Reading& reading) {
  require(message.body.size() <= kLimits.body_bytes);
  if (message.chunked) {
    if (message.whole) return check_chunks(message.raw_body, message);
    if (!reading.refused) check_cut_chunks(message.raw_body + reading.unread, message);
    return;
  }
  require(message.body == message.raw_body && message.trailers.empty());
  if (message.content_length && !message.body.empty()) {
    require(message.body.size() <= *message.content_length);
    require(message.whole == (message.body.size() == *message.content_length));
  }
}

/// How much of the body of a message was read before it was refused depends on the pieces.
void forget_broken_body(Reading& reading) {
  if (reading.messages.empty() || reading.messages.back().whole) return;
  reading.messages.back().body.clear();
  reading.messages.back().raw_body.clear();
}

/// What is accepted does not depend on the pieces in which it comes. Only that a message is bad may be seen
/// later: at the end of its lines, or of the quoted string in one of them.
template <bool IsRequest>
void check_pieces(std::string_view bytes, Reading whole, typename Reader<IsRequest>::Cuts cuts) {
  Reading pieces = Reader<IsRequest>::read(bytes, cuts);
  if (whole.refused || pieces.refused) {
    forget_broken_body(whole);
    forget_broken_body(pieces);
  }
  require(pieces.messages == whole.messages);
  if (pieces.refused == whole.refused) return;
  const std::string ended = std::string(bytes) + "\"\r\n\r\n";
  cuts.push_back(ended.size());
  require(Reader<IsRequest>::read(ended, cuts).refused);
  require(Reader<IsRequest>::read(ended, {ended.size()}).refused);
}

template <bool IsRequest>
void check(std::string_view bytes) {
  const Reading whole = Reader<IsRequest>::read(bytes, {bytes.size()});
  for (const Message& message : whole.messages) {
    check_head<IsRequest>(message);
    check_body(message, whole);
  }
  typename Reader<IsRequest>::Cuts each, some;
  std::minstd_rand random(static_cast<unsigned>(std::hash<std::string_view>{}(bytes)));
  for (std::size_t end = 1; end <= bytes.size(); ++end) {
    each.push_back(end);
    if (end == bytes.size() || random() % 16 == 0) some.push_back(end);
  }
  check_pieces<IsRequest>(bytes, whole, std::move(each));
  check_pieces<IsRequest>(bytes, whole, std::move(some));
}

}  // namespace

/// What the parser takes for a message, everybody must take for that message.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  check<true>(bytes);
  check<false>(bytes);
  return 0;
}
