#pragma once
#include <array>
#include <exception>
#include <utility>

#include <sys/socket.h>

#include <tongs/http.hpp>

#include "common/log.hpp"
#include "common/net/date_line.hpp"
#include "common/net/entrance.hpp"
#include "common/net/framing.hpp"
#include "common/net/read.hpp"
#include "common/net/server_state.hpp"
#include "common/net/write.hpp"

namespace tongs::net {

/// One accepted connection, a socket or TLS over one: requests come in, one at a time, and meet the handler.
template <class Stream>
class Connection final : public Exchange, private Deadline, private Server::State::Link {
 public:
  /// `address`: of the peer, as accepting told it.
  Connection(std::shared_ptr<Server::State> server, Stream stream, const Entrance& entrance,
             std::string&& address)
      : Deadline(server->reactor.watch),
        server_(std::move(server)),
        stream_(std::move(stream)),
        peer_{.address = std::move(address),
              .tls = kIsTls<Stream>,
              .is_unix = std::is_same_v<Protocol, Unix>,
              .user = user_of(socket())},
        proxied_(is_proxied(entrance, peer_.address)),
        reader_(server_->limits.message) {
    server_->add(*this);
  }
  ~Connection() override { server_->remove(*this); }

  Task<> run() {
    error_code ignored;  // an option that cannot be set costs speed, nothing else
    socket().non_blocking(true, ignored);
    if constexpr (std::is_same_v<Protocol, Tcp>) socket().set_option(Tcp::no_delay(true), ignored);
    bool entered = true;
    if (kIsTls<Stream> || proxied_) entered = co_await enter();
    if (entered) {
      while (co_await next_request()) {
        try {
          co_await server_->handler(*this);
        } catch (const std::exception& thrown) {
          log::error("a request handler threw", {{"what", thrown.what()}});
        }
        if (state_ != Stage::answered) co_await make_up();
        if (!out_.empty()) (void)co_await flush();  // it says by `aborted_` if that cannot be sent
        if (is_finished()) continue;
        const bool another = co_await finish_request();
        if (!another) break;
      }
      if constexpr (kIsTls<Stream>) co_await say_goodbye();
    }
    disarm();
    // A close in order would look like the end of such an answer.
    if (aborted_ && ends_by_close_) socket().set_option(asio::socket_base::linger(true, 0), ignored);
    socket().close(ignored);
  }

  const RequestHead& request() const noexcept override { return reader_.head(); }
  const Peer& peer() const noexcept override { return peer_; }
  Reactor& reactor() const noexcept override { return server_->reactor; }
  const Fields& request_trailers() const noexcept override { return reader_.parser().trailers(); }
  bool body_failed() const noexcept override { return body_failed_; }
  bool answered() const noexcept override { return state_ != Stage::unanswered; }
  int answer_status() const noexcept override { return status_; }
  std::uint64_t answer_bytes() const noexcept override { return body_bytes_; }

  Task<Result<std::string_view>> read_body() override {
    if (expects_continue_ && state_ == Stage::unanswered) {
      expects_continue_ = false;
      out_ = "HTTP/1.1 100 Continue\r\n\r\n";
      auto sent = co_await flush();
      if (!sent) co_return std::move(sent).error();
    }
    std::string_view piece;
    const Read got = co_await read_piece(piece);
    if (got == Read::done) co_return piece;
    keep_alive_ = false;
    body_failed_ = true;
    if (got == Read::refused) co_return bad_body();
    co_return peer_gone();
  }

  Task<Result<void>> respond(Response response) override {
    const bool bodiless = response.status == 204 || response.status == 304;
    begin(response.status, {}, response.headers.text(), bodiless ? 0 : response.body.size());
    bool sent = bodiless || offer(response.body);
    sent = finish({}) && sent;
    if (sent) co_return Result<void>{};
    co_return co_await flush();
  }

  void begin(int status, std::string_view reason, std::string_view header_lines,
             std::optional<std::uint64_t> length) override {
    const bool http11 = request().version == 11;
    state_ = Stage::answering;
    status_ = status;
    bodiless_ = request().method == "HEAD" || status == 204 || status == 304;
    chunked_ = !length && http11 && !bodiless_;
    ends_by_close_ = !length && !http11 && !bodiless_;
    if (ends_by_close_ || server_->draining) keep_alive_ = false;
    if (expects_continue_) keep_alive_ = false;  // the body may come now or not: nobody can tell

    out_.assign(kVersion);
    append_number(out_, static_cast<std::uint64_t>(status)).append(1, ' ');
    out_.append(reason.empty() ? reason_phrase(status) : reason).append(kLineEnd);
    if (!has_date(header_lines)) out_.append(date_line());
    out_.append(header_lines);
    if (length && status != 204 && status != 304) {
      append_number(out_.append(kContentLength), *length).append(kLineEnd);
    }
    if (chunked_) out_.append("Transfer-Encoding: chunked\r\n");
    if (!keep_alive_) {
      out_.append("Connection: close\r\n");
    } else if (!http11) {
      out_.append("Connection: keep-alive\r\n");
    }
    out_.append(kLineEnd);
  }

  bool offer(std::string_view piece) override {
    if (bodiless_ || piece.empty()) return !failed_;
    body_bytes_ += piece.size();
    if (chunked_) append_chunk_size(out_, piece.size());
    const std::string_view behind = chunked_ ? kLineEnd : std::string_view();
    if (piece.size() > kQuickToCopy) return send_now(piece, behind);
    out_.append(piece).append(behind);
    return send_now();
  }

  bool finish(std::string_view trailer_lines) override {
    if (chunked_) out_.append("0\r\n").append(trailer_lines).append("\r\n");
    state_ = Stage::answered;
    return out_.empty() ? !failed_ : send_now();
  }

  Task<Result<void>> flush() override {
    const std::string rest = std::exchange(out_, {});
    if (!failed_ && !rest.empty()) {
      expires_after(server_->limits.stall_time);
      const Pieces<1> pieces{rest};
      failed_ = co_await write_all(stream_, pieces);
      disarm();
    }
    if (!failed_) co_return Result<void>{};
    keep_alive_ = false;
    aborted_ = true;
    co_return peer_gone();
  }

  void abort() noexcept override {
    keep_alive_ = false;
    state_ = Stage::answered;
    aborted_ = true;
  }

 private:
  static Error peer_gone() { return {Errc::transport_failed, "the peer closed the connection or stalled"}; }
  static Error bad_body() {
    return {Errc::invalid_argument, "the body of the request is malformed or too large"};
  }

  using Protocol = typename Stream::lowest_layer_type::protocol_type;

  /// As the kernel noted it when he connected.
  static std::optional<uid_t> user_of(Socket<Protocol>& socket) noexcept {
    if constexpr (std::is_same_v<Protocol, Unix>) {
      ucred credentials{};
      socklen_t size = sizeof credentials;
      const int got = ::getsockopt(socket.native_handle(), SOL_SOCKET, SO_PEERCRED, &credentials, &size);
      if (got == 0 && size == sizeof credentials) return credentials.uid;
    }
    return std::nullopt;
  }

  Socket<Protocol>& socket() noexcept { return socket_of(stream_); }

  enum class Stage { unanswered, answering, answered };

  static bool is_proxied(const Entrance& entrance, const std::string& address) {
    if constexpr (std::is_same_v<Protocol, Unix>) {
      return entrance.proxied_unix;
    } else {
      return !entrance.proxies.empty() && entrance.proxies.contain(address);
    }
  }

  /// What comes before the first request. False: the connection ends.
  Task<bool> enter() {
    idle_ = true;
    expires_after(server_->limits.head_time);
    auto of = Refusal::Of::proxy_header;
    Step step;
    if (proxied_) step = co_await take_proxy_header(socket(), peer_);
    if constexpr (kIsTls<Stream>) {
      if (step.outcome == Read::done) {
        of = Refusal::Of::handshake;
        step = co_await shake_hands(stream_);
        peer_.certificate = certificate_of_peer(*stream_.native_handle());
      }
    }
    idle_ = false;
    disarm();
    if (step.outcome == Read::done) co_return true;
    if (step.outcome == Read::stopped && expired_) step = {Read::refused, "it took too long"};
    if (step.outcome == Read::refused) {
      server_->tell({of, step.plain_http ? 400 : 0, step.why, peer_.address});
    }
    if (step.plain_http) co_await answer_in_clear();
    co_return false;
  }

  /// For somebody who speaks HTTP where TLS is spoken.
  Task<> answer_in_clear() {
    const Response answer = Response::problem(400, "tls-required", "TLS is spoken here: use https");
    keep_alive_ = false;
    begin(400, {}, answer.headers.text(), answer.body.size());
    Pieces<2> pieces{out_, answer.body};
    error_code failed = write_now(socket(), pieces);
    if (!failed) socket().shutdown(Socket<Protocol>::shutdown_send, failed);
    if (!failed) co_await drain();
  }

  /// Waits for a request and reads its head. False: the connection ends.
  Task<bool> next_request() {
    if (server_->draining) co_return false;
    reader_.start();
    if (!reader_.has_unread()) {
      idle_ = true;
      expires_after(server_->limits.idle_time);
      auto [failed, count] = co_await read_some(stream_, reader_);
      idle_ = false;
      if (outcome(reader_, failed, count) != Read::done) co_return false;
    }
    state_ = Stage::unanswered;
    status_ = 0;
    body_bytes_ = 0;
    out_.clear();
    keep_alive_ = bodiless_ = chunked_ = body_failed_ = expects_continue_ = false;
    expires_after(server_->limits.head_time);
    Progress head = reader_.read_head();
    while (head == Progress::more) {
      const Read got = co_await fill(stream_, reader_);
      if (got == Read::ended || got == Read::cut_short) co_return false;
      if (got == Read::stopped && !expired_) co_return false;
      if (got == Read::stopped) {
        const Violation late{408, "the head of the request took too long"};
        co_await refuse(late);
        co_return false;
      }
      head = got == Read::refused ? Progress::refused : reader_.read_head();
    }
    disarm();
    if (head == Progress::refused) {
      co_await refuse(reader_.parser().violation());
      co_return false;
    }
    keep_alive_ = request().keep_alive;
    if (request().version == 11 && request().framing.content_length != 0) {
      const auto expect = request().fields.find("expect");
      expects_continue_ = expect && same_header_name(*expect, "100-continue");
    }
    co_return true;
  }

  /// The next piece of the body; empty at its end.
  Task<Read> read_piece(std::string_view& piece) {
    for (;;) {
      const Progress progress = reader_.read_body(piece);
      if (progress == Progress::done) co_return Read::done;
      if (progress == Progress::refused) co_return Read::refused;
      expires_after(server_->limits.stall_time);
      const Read got = co_await fill(stream_, reader_);
      disarm();
      if (got != Read::done) co_return got;
    }
  }

  /// For an answer that the handler did not give, or not wholly.
  Task<> make_up() {
    if (state_ == Stage::answering) {  // cut short: the peer must not take it for a whole answer
      abort();
    } else if (reader_.parser().violation()) {
      co_await refuse(reader_.parser().violation());
    } else if (body_failed_) {
      const Violation why{expired_ ? 408 : 400, "the body of the request did not come to its end"};
      co_await refuse(why);
    } else {
      auto sent = co_await respond(Response::problem(500, "internal", "the request could not be handled"));
      (void)sent;  // the peer may be gone; the connection ends either way if it is
    }
  }

  /// May the next request follow at once?
  bool is_finished() const noexcept { return keep_alive_ && !aborted_ && reader_.parser().done(); }

  /// Reads what the handler left of the body. False: the connection ends.
  Task<bool> finish_request() {
    if (aborted_ || !keep_alive_) {
      if (!aborted_) co_await linger();
      co_return false;
    }
    std::size_t skipped = 0;
    while (!reader_.parser().done()) {
      std::string_view piece;
      const Read got = co_await read_piece(piece);
      skipped += piece.size();
      if (got != Read::done || skipped > kMaxSkipped) co_return false;
    }
    co_return true;
  }

  Task<> refuse(const std::optional<Violation>& violation) {
    keep_alive_ = false;
    const Violation why = violation.value_or(Violation{431, "the head of the message is too large"});
    server_->tell({Refusal::Of::request, why.status, why.what, peer_.address});
    auto sent = co_await respond(Response::problem(why.status, refusal_word(why.status), why.what));
    if (sent) co_await linger();
  }

  /// Closes our side and reads on for a moment: closing with unread bytes would reset the connection and may
  /// take the answer with it (RFC 9112 9.6).
  Task<> linger() {
    if constexpr (kIsTls<Stream>) co_await say_goodbye();
    error_code failed;
    socket().shutdown(Socket<Protocol>::shutdown_send, failed);
    if (failed || (reader_.parser().done() && !reader_.has_unread())) co_return;
    co_await drain();
  }

  Task<> drain() {
    std::array<char, 4096> sink;
    expires_after(kFarewell);
    for (std::size_t total = 0; total < kMaxSkipped;) {
      auto [ended, count] = co_await socket().async_read_some(asio::buffer(sink), use_tuple);
      if (ended) break;
      total += count;
    }
    disarm();
  }

  /// Without it the peer of a TLS connection cannot know that nothing was cut off (RFC 8446 6.1).
  Task<> say_goodbye() {
    if (aborted_ || std::exchange(goodbye_said_, true)) co_return;
    expires_after(kFarewell);
    (void)co_await stream_.async_shutdown(use_tuple);  // it is said as well as can be
    disarm();
  }

  /// Sends `out_` and the texts behind it as far as the system takes them at once; the rest is then in
  /// `out_`.
  template <class... Texts>
  bool send_now(const Texts&... texts) {
    if (failed_) return false;
    Pieces<1 + sizeof...(Texts)> pieces{out_, texts...};
    failed_ = write_now(stream_, pieces);
    std::string rest;
    for (const std::string_view piece : pieces) rest += piece;
    const bool all = !failed_ && rest.empty();
    if (all) {
      out_.clear();
    } else {
      out_ = std::move(rest);
    }
    return all;
  }

  void expired() override {
    expired_ = true;
    error_code ignored;  // nothing can be done about a socket that cannot be cancelled
    socket().cancel(ignored);
  }
  void wind_up() override {
    keep_alive_ = false;
    error_code ignored;
    if (idle_) socket().cancel(ignored);
  }
  void cut() override {
    aborted_ = true;
    keep_alive_ = false;
    error_code ignored;
    socket().close(ignored);
  }

  static constexpr std::string_view kVersion = "HTTP/1.1 ",
                                    kContentLength = "Content-Length: ", kLineEnd = "\r\n";
  static constexpr std::size_t kQuickToCopy = 2048;
  static constexpr std::size_t kMaxSkipped = 256 * 1024;
  static constexpr std::chrono::seconds kFarewell{1};

  std::shared_ptr<Server::State> server_;
  Stream stream_;
  Peer peer_;
  const bool proxied_;  ///< a PROXY header must come first
  MessageReader<true> reader_;
  std::string out_;    ///< of the answer, not sent yet
  error_code failed_;  ///< of sending
  Stage state_ = Stage::unanswered;
  int status_ = 0;
  std::uint64_t body_bytes_ = 0;
  bool keep_alive_ = true;
  bool expects_continue_ = false;
  bool body_failed_ = false;
  bool bodiless_ = false;
  bool chunked_ = false;
  bool ends_by_close_ = false;  ///< the answer
  bool idle_ = false;
  bool expired_ = false;
  bool aborted_ = false;
  bool goodbye_said_ = false;
};

}  // namespace tongs::net
