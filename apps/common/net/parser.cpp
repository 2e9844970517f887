#include "common/net/parser.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/rfc7230.hpp>

#include <tongs/http.hpp>

#include "common/net/short_head.hpp"
#include "http/ascii.hpp"
#include "http/header_rules.hpp"
#include "http/host.hpp"

namespace tongs::net {

namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;

void shift(std::string_view& text, const char* from, const char* to) noexcept {
  if (!text.empty()) text = {to + (text.data() - from), text.size()};
}

constexpr Violation kHeadTooLarge{431, "the head of the message is too large"};
constexpr Violation kBadRequestLine{400, "the request line is malformed"};

/// What follows the first space.
std::string_view next_word(std::string_view text) noexcept {
  const auto space = text.find(' ');
  return space == std::string_view::npos ? std::string_view{} : text.substr(space + 1);
}

/// Does a request line name a version of HTTP that is not ours, and not something else?
bool names_other_version(std::string_view line) noexcept {
  const std::string_view version = next_word(next_word(line)).substr(0, 8);
  return version.size() == 8 && version.starts_with("HTTP/") && detail::is_digit(version[5]) &&
         version[6] == '.' && detail::is_digit(version[7]) && version != "HTTP/1.0" && version != "HTTP/1.1";
}

/// Visible ASCII, and no fragment, which is never sent (RFC 9112 3.2, RFC 3986 3.5): what else would reach
/// there is read in more than one way.
bool is_sound_target(std::string_view target) noexcept {
  bool sound = true;
  for (const char c : target) {  // to its end, so that the compiler can look at many bytes at once
    const auto byte = static_cast<unsigned char>(c);
    sound &= byte > 0x20 && byte < 0x7f && byte != '#';
  }
  return sound;
}

/// `input`: what the parser met this in.
Violation explain(const beast::error_code& failed, std::string_view input) {
  using http::error;
  if (failed == error::header_limit) return kHeadTooLarge;
  if (failed == error::body_limit) return {413, "the body is too large"};
  if (failed == error::bad_version && names_other_version(input)) {
    return {505, "the only versions of HTTP spoken here are 1.0 and 1.1"};
  }
  if (failed == error::bad_version || failed == error::bad_method || failed == error::bad_target) {
    return kBadRequestLine;
  }
  if (failed == error::bad_field || failed == error::bad_value || failed == error::bad_line_ending) {
    return {400, "a header field is malformed"};
  }
  if (failed == error::bad_content_length || failed == error::multiple_content_length) {
    return {400, "Content-Length is malformed, repeated or in conflict with Transfer-Encoding"};
  }
  if (failed == error::bad_transfer_encoding) {
    return {400, "Transfer-Encoding is repeated or in conflict with Content-Length"};
  }
  if (failed == error::bad_chunk || failed == error::bad_chunk_extension) {
    return {400, "the chunked body is malformed"};
  }
  return {400, "the message is malformed"};
}

/// Beast's parser without Beast's containers: heads become views into the caller's memory.
template <bool IsRequest>
class BeastParser final : public http::basic_parser<IsRequest> {
 public:
  using Head = std::conditional_t<IsRequest, RequestHead, ResponseHead>;

  BeastParser(const MessageLimits& limits, Head& head, Fields& trailers, std::string_view& body,
              std::optional<Violation>& violation)
      : limits_(limits), head_(head), trailers_(trailers), body_(body), violation_(violation) {
    // Beast's limit begins anew with every field that is done: `feed` counts.
    this->header_limit(std::numeric_limits<std::uint32_t>::max());
    this->body_limit(limits.body_bytes);
    this->eager(false);
  }

  /// As `put`, from a head that stands for the whole one.
  std::size_t put_short(const ShortHead& head, beast::error_code& failed) {
    short_head_ = &head;
    const std::size_t taken = put_text(head.text(), failed);
    short_head_ = nullptr;
    return head.whole_size(taken);
  }
  std::size_t put_text(std::string_view input, beast::error_code& failed) {
    return this->put(boost::asio::const_buffer(input.data(), input.size()), failed);
  }

  /// Beast runs into an assertion if it meets these as the first bytes of a body and then one more.
  bool must_wait(std::string_view input) const noexcept {
    return this->is_header_done() && this->chunked() && !in_chunks_ && input == "0\r\n";
  }

 private:
  /// Where that is in the caller's memory.
  std::string_view view(beast::string_view text) const noexcept {
    const std::string_view part(text.data(), text.size());
    return short_head_ ? short_head_->whole(part) : part;
  }

  void refuse(int status, std::string_view what, beast::error_code& ec) {
    violation_ = Violation{status, what};
    ec = http::error::bad_value;
  }

  void on_request_impl(http::verb, beast::string_view method, beast::string_view target, int version,
                       beast::error_code& ec) override {
    if constexpr (IsRequest) {
      head_.method = view(method);
      head_.target = view(target);
      head_.version = version;
      const bool origin_form = head_.target.front() == '/';
      if (!origin_form && !(head_.target == "*" && head_.method == "OPTIONS")) {
        return refuse(400, "the request target must be a path that starts with /", ec);
      }
      if (!is_sound_target(head_.target)) {
        refuse(400, "the request target must be visible ASCII without a fragment (#)", ec);
      }
    }
  }

  void on_response_impl(int status, beast::string_view reason, int version, beast::error_code& ec) override {
    if constexpr (!IsRequest) {
      if (status < 100 || status > 599) return refuse(502, "the status is none (RFC 9110 15)", ec);
      head_.status = status;
      head_.reason = view(reason);
      head_.version = version;
    }
  }

  void on_field_impl(http::field known, beast::string_view name, beast::string_view value,
                     beast::error_code& ec) override {
    if (folded(name, value)) return refuse(400, "a header field is folded over two lines", ec);
    auto& list = this->is_header_done() ? trailers_.list : head_.fields.list;
    if (list.size() >= limits_.fields) return refuse(431, "the message has too many header fields", ec);
    list.push_back({view(name), view(value)});
    if (this->is_header_done()) return;
    if (known == http::field::content_length) check_content_length(view(value), ec);
    if (known == http::field::transfer_encoding) check_transfer_encoding(view(value), ec);
    if (known == http::field::connection) closes_ = closes_ || http::token_list(value).exists("close");
    if (IsRequest && known == http::field::host) check_host(view(value), ec);
  }

  /// Beast joins obsolete folds in a buffer of its own, or, when the first line is empty, skips over them.
  static bool folded(beast::string_view name, beast::string_view value) noexcept {
    const char* const from = name.data() + name.size();
    if (value.data() < from || value.data() - from > 64 * 1024) return true;
    return std::find(from, value.data(), '\n') != value.data();
  }

  void check_content_length(std::string_view value, beast::error_code& ec) {
    if (!detail::all_digits(value) || head_.fields.count("content-length") > 1) {
      refuse(400, "Content-Length must stand once and be one number", ec);
    }
  }

  void check_host(std::string_view value, beast::error_code& ec) {
    if (++hosts_ > 1) return refuse_hosts(ec);
    if (!detail::is_host_field(value)) refuse(400, "Host must be a host and maybe a port", ec);
  }
  void refuse_hosts(beast::error_code& ec) { refuse(400, "a request must have exactly one Host", ec); }

  void check_transfer_encoding(std::string_view value, beast::error_code& ec) {
    if (head_.version < 11) return refuse(400, "Transfer-Encoding does not exist in HTTP/1.0", ec);
    if (!same_header_name(value, "chunked") || head_.fields.count("transfer-encoding") > 1) {
      refuse(501, "the only Transfer-Encoding understood is chunked", ec);
    }
  }

  void on_header_impl(beast::error_code& ec) override {
    head_.keep_alive = this->keep_alive() && !closes_;  // Beast lets HTTP/1.0 say keep-alive and close
    head_.framing.chunked = this->chunked();
    const auto length = this->content_length();
    if (length) head_.framing.content_length = *length;
    if constexpr (IsRequest) {
      if (!length && !this->chunked()) head_.framing.content_length = 0;
      if (hosts_ == 0 && head_.version == 11) refuse_hosts(ec);
    } else if (this->is_done()) {
      head_.framing.chunked = false;  // what the fields say is about a body that does not come
    }
  }

  void on_body_init_impl(const boost::optional<std::uint64_t>&, beast::error_code&) override {}
  std::size_t on_body_impl(beast::string_view body, beast::error_code&) override {
    body_ = view(body);
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t, beast::string_view extension, beast::error_code& ec) override {
    // Beast lets every byte through in quotes: a line feed there ends the line for a lenient reader.
    if (!detail::is_field_value(view(extension))) return refuse(400, "the chunked body is malformed", ec);
    in_chunks_ = true;
  }
  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view body, beast::error_code&) override {
    body_ = view(body);
    return body.size();
  }
  void on_finish_impl(beast::error_code&) override {}

  const MessageLimits& limits_;
  Head& head_;
  Fields& trailers_;
  std::string_view& body_;
  std::optional<Violation>& violation_;
  const ShortHead* short_head_ = nullptr;  ///< what is being read, if not the caller's memory
  std::size_t hosts_ = 0;
  bool in_chunks_ = false;
  bool closes_ = false;  ///< Connection says so
};

}  // namespace

template <bool IsRequest>
class Parser<IsRequest>::Machine {
 public:
  explicit Machine(const MessageLimits& given) : limits(given) { restart(); }

  void restart() {
    auto fields = std::move(head.fields.list);
    fields.clear();
    head = Head{};
    head.fields.list = std::move(fields);
    trailers.list.clear();
    head_bytes = 0;
    empty_line = false;
    violation.reset();
    beast.emplace(limits, head, trailers, body, violation);
  }

  const MessageLimits limits;
  Head head;
  Fields trailers;
  std::string_view body;
  std::size_t head_bytes = 0;  ///< taken so far
  bool empty_line = false;     ///< before the message
  std::optional<Violation> violation;
  std::optional<BeastParser<IsRequest>> beast;
};

template <bool IsRequest>
Parser<IsRequest>::Parser(const MessageLimits& limits) : machine_(std::make_unique<Machine>(limits)) {}
template <bool IsRequest>
Parser<IsRequest>::~Parser() = default;

template <bool IsRequest>
void Parser<IsRequest>::reset() {
  machine_->restart();
}

template <bool IsRequest>
void Parser<IsRequest>::expect_no_body() {
  machine_->beast->skip(true);
}

template <bool IsRequest>
auto Parser<IsRequest>::feed(std::string_view input) -> Step {
  Machine& m = *machine_;
  m.body = {};
  const Step too_little{.consumed = 0, .body = {}, .need_more = true};
  if (IsRequest && !started() && !m.empty_line) {  // RFC 9112 2.2: one of them is forgiven
    if (input == "\r") return too_little;
    m.empty_line = input.starts_with("\r\n");
    if (m.empty_line) return {.consumed = 2, .body = {}, .need_more = false};
  }
  if (input.empty() || m.beast->must_wait(input)) return too_little;

  const bool in_head = !head_done();
  if (in_head) input = input.substr(0, m.limits.head_bytes - m.head_bytes);
  beast::error_code failed;
  // A head that was begun otherwise is finished so: Beast remembers places in it.
  ShortHead short_head;
  const bool shorter = !started() && short_head.shorten(input);
  const std::size_t taken =
      shorter ? m.beast->put_short(short_head, failed) : m.beast->put_text(input, failed);
  if (in_head) m.head_bytes += taken;
  const bool need_more = failed == http::error::need_more;
  if (need_more && in_head && m.head_bytes + input.size() - taken == m.limits.head_bytes) {
    m.violation = kHeadTooLarge;
  } else if (failed && !need_more && !m.violation) {
    m.violation = explain(failed, input);
  }
  return {.consumed = taken, .body = m.body, .need_more = need_more};
}

template <bool IsRequest>
void Parser<IsRequest>::moved(const char* from, const char* to) noexcept {
  Head& head = machine_->head;
  if constexpr (IsRequest) {
    shift(head.method, from, to);
    shift(head.target, from, to);
  } else {
    shift(head.reason, from, to);
  }
  for (Field& field : head.fields.list) {
    shift(field.name, from, to);
    shift(field.value, from, to);
  }
}

template <bool IsRequest>
bool Parser<IsRequest>::feed_end() {
  beast::error_code failed;
  machine_->beast->put_eof(failed);
  return !failed;
}

template <bool IsRequest>
bool Parser<IsRequest>::started() const noexcept {
  return machine_->beast->got_some();
}
template <bool IsRequest>
bool Parser<IsRequest>::head_done() const noexcept {
  return machine_->beast->is_header_done();
}
template <bool IsRequest>
bool Parser<IsRequest>::done() const noexcept {
  return machine_->beast->is_done();
}
template <bool IsRequest>
const std::optional<Violation>& Parser<IsRequest>::violation() const noexcept {
  return machine_->violation;
}
template <bool IsRequest>
auto Parser<IsRequest>::head() const noexcept -> const Head& {
  return machine_->head;
}
template <bool IsRequest>
const Fields& Parser<IsRequest>::trailers() const noexcept {
  return machine_->trailers;
}

template class Parser<true>;
template class Parser<false>;

}  // namespace tongs::net
