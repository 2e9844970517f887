#include "common/net/client.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include <boost/asio/ip/basic_resolver.hpp>
#include <boost/asio/ssl/context.hpp>

#include "common/net/channel.hpp"
#include "common/net/framing.hpp"

namespace tongs::net {

namespace {

Error failed_at(const char* what) { return {Errc::transport_failed, what}; }

Error not_sent() { return failed_at("the peer closed the connection while the request was sent"); }

Error too_large() { return {Errc::malformed_response, "the peer's answer is too large"}; }

Error explain(const Violation& violation) {
  if (violation.status == 413 || violation.status == 431) return too_large();
  return {Errc::malformed_response, "the peer's answer is not acceptable HTTP"};
}

/// What a read that did not end well means for the caller.
Error explain(Read outcome, bool timed_out) {
  if (outcome == Read::refused) return too_large();  // it did not fit
  // We may have closed the connection earlier, while the request was sent.
  if (timed_out) return {Errc::deadline_exceeded, "the peer did not answer in time"};
  if (outcome == Read::stopped) return failed_at("the call was stopped");
  return failed_at("the peer closed the connection before its answer was complete");
}

std::string start_line(const RequestText& request) {
  constexpr std::string_view space = " ", version = " HTTP/1.1\r\n";
  std::string line;
  line.reserve(request.method.size() + request.base.size() + request.target.size() + 16);
  return line.append(request.method)
      .append(space)
      .append(request.base)
      .append(request.target)
      .append(version);
}

/// The header lines that say where the body ends, and the end of the head.
std::string framing_lines(const RequestText& request) {
  if (!request.length) return "Transfer-Encoding: chunked\r\n\r\n";
  const bool says_length = request.method != "GET" && request.method != "HEAD";
  if (*request.length == 0 && !says_length) return "\r\n";
  std::string lines = "Content-Length: ";
  return append_number(lines, *request.length).append("\r\n\r\n");
}

}  // namespace

std::string Destination::authority() const {
  if (!unix_path.empty()) return "localhost";
  std::string text = host.find(':') == std::string::npos ? host : "[" + host + "]";
  if (port != (tls ? 443 : 80)) text.append(":").append(std::to_string(port));
  return text;
}

class ChannelPool {
 public:
  explicit ChannelPool(const ClientLimits& given) : limits(given) {}

  /// Takes the youngest live connection; ones that died or rested too long are closed on the way.
  std::unique_ptr<Channel> take(const Destination& to) {
    const auto found = idle.find(to);
    if (found == idle.end()) return nullptr;
    auto& channels = found->second;
    while (!channels.empty()) {
      auto channel = std::move(channels.back());
      channels.pop_back();
      if (channel->timed_out() || !channel->alive()) continue;
      channel->rest();
      channel->wake();
      channel->reused = true;
      return channel;
    }
    return nullptr;
  }

  void put(std::unique_ptr<Channel> channel) {
    auto& channels = idle[channel->destination];
    const auto resting =
        std::ranges::find_if(channels, [](const auto& oldest) { return !oldest->timed_out(); });
    channels.erase(channels.begin(), resting);
    if (channels.size() >= limits.idle_connections) return;
    channel->expires_after(limits.idle_time);
    channel->fall_asleep();
    channels.push_back(std::move(channel));
  }

  const ClientLimits limits;
  std::map<Destination, std::vector<std::unique_ptr<Channel>>> idle;  ///< youngest last
};

Call::Call(std::shared_ptr<ChannelPool> pool, std::unique_ptr<Channel> channel, const RequestText& request)
    : pool_(std::move(pool)),
      channel_(std::move(channel)),
      out_(start_line(request)),
      chunked_(!request.length),
      head_request_(request.method == "HEAD") {}

Call::Call(Call&&) noexcept = default;

Call::~Call() {
  if (channel_ && request_done_ && answered_ && channel_->at_rest() && !channel_->timed_out()) {
    pool_->put(std::move(channel_));
  }
}

Task<Result<void>> Call::write(std::string_view piece) {
  if (piece.empty()) co_return Result<void>{};
  if (chunked_) append_chunk_size(out_, piece.size());
  const std::string_view behind = chunked_ ? "\r\n" : "";
  const RequestPieces pieces{out_, piece, behind};
  co_return co_await send(pieces);
}

Task<Result<void>> Call::end(std::string_view trailer_lines) {
  if (chunked_) out_.append("0\r\n").append(trailer_lines).append("\r\n");
  request_done_ = true;
  const RequestPieces pieces{out_};
  co_return co_await send(pieces);
}

Task<Result<void>> Call::send(RequestPieces pieces) {
  auto sent = send_now(pieces);
  if (sent && !all_sent(pieces)) {
    channel_->expires_after(pool_->limits.stall_time);
    const error_code failed = co_await channel_->write(pieces);
    channel_->rest();
    if (failed) sent = not_sent();
  }
  out_.clear();
  co_return sent;
}

Result<void> Call::send_now(RequestPieces& pieces) {
  if (channel_->write_now(pieces)) return not_sent();
  return {};
}

Task<Result<void>> Call::read_head(Steady::time_point deadline) {
  auto& reader = channel_->reader;
  channel_->expires_at(deadline);
  do {
    reader.start();
    if (head_request_) reader.parser().expect_no_body();
    Progress progress = reader.read_head();
    while (progress == Progress::more) {
      const Read got = co_await channel_->fill();
      if (got != Read::done) co_return explain(got, channel_->timed_out());
      progress = reader.read_head();
    }
    if (progress == Progress::refused) co_return explain(*channel_->reader.parser().violation());
    heard_ = true;
    if (head().status == 101)
      co_return Error(Errc::malformed_response, "the peer wants to leave HTTP, which nobody asked for");
  } while (head().status < 200);
  answered_ = true;
  channel_->rest();
  co_return Result<void>{};
}

const ResponseHead& Call::head() const noexcept { return channel_->reader.head(); }
bool Call::body_waits() const noexcept { return channel_->reader.body_waits(); }
bool Call::is_broken() const noexcept { return channel_->reader.parser().violation().has_value(); }
const Fields& Call::trailers() const noexcept { return channel_->reader.parser().trailers(); }

std::optional<std::string_view> Call::body_at_hand() {
  std::string_view piece;
  if (channel_->reader.read_body(piece) != Progress::done) return std::nullopt;
  return piece;
}

Task<Result<std::string_view>> Call::read_body(Steady::time_point deadline) {
  std::string_view piece;
  Progress progress = channel_->reader.read_body(piece);
  if (progress == Progress::more) {
    channel_->expires_at(std::min(deadline, Steady::now() + pool_->limits.stall_time));
    while (progress == Progress::more) {
      const Read got = co_await channel_->fill();
      if (got == Read::ended && channel_->reader.close()) break;
      if (got != Read::done) co_return explain(got, channel_->timed_out());
      progress = channel_->reader.read_body(piece);
    }
    channel_->rest();
  }
  if (progress == Progress::refused) co_return explain(*channel_->reader.parser().violation());
  co_return piece;
}

Client::Client(Reactor& reactor, ClientLimits limits, Ways ways)
    : reactor_(reactor),
      limits_(limits),
      ways_(std::move(ways)),
      pool_(std::make_shared<ChannelPool>(limits)) {}

Client::~Client() = default;

Task<Result<Call>> Client::open(const Destination& to, RequestText request, Steady::time_point deadline) {
  auto channel = pool_->take(to);
  if (!channel) {
    auto connected = co_await connect(to, request.watch, deadline);
    if (!connected) co_return std::move(connected).error();
    channel = *std::move(connected);
  }
  Call call(pool_, std::move(channel), request);
  call.out_.append(request.header_lines).append(request.more_lines).append(framing_lines(request));
  co_return std::move(call);
}

Task<Result<Call>> Client::send(const Destination& to, RequestText request, std::string_view body,
                                Steady::time_point deadline) {
  request.length = body.size();
  const std::string framing = framing_lines(request);
  for (;;) {
    auto channel = pool_->take(to);
    if (!channel) {
      auto connected = co_await connect(to, request.watch, deadline);
      if (!connected) co_return std::move(connected).error();
      channel = *std::move(connected);
    }
    Call call(pool_, std::move(channel), request);
    const bool may_be_stale = call.channel_->reused && request.replayable;
    call.request_done_ = true;
    RequestPieces pieces{call.out_, request.header_lines, request.more_lines, framing, body};
    auto sent = call.send_now(pieces);
    if (sent && !all_sent(pieces)) sent = co_await call.send(pieces);
    if (sent) sent = co_await call.read_head(deadline);
    if (sent) co_return std::move(call);
    const bool heard = call.heard_ || call.channel_->reader.parser().started();
    if (!may_be_stale || heard || call.channel_->timed_out()) co_return std::move(sent).error();
  }
}

std::size_t Client::idle_connections() const noexcept {
  std::size_t count = 0;
  for (const auto& [to, channels] : pool_->idle) count += channels.size();
  return count;
}

namespace {

/// Ends a wait of a socket or resolver when connecting takes too long.
template <class Waiting>
class ConnectDeadline final : private Deadline {
 public:
  ConnectDeadline(Reactor& reactor, Waiting& waiting, Steady::time_point at)
      : Deadline(reactor.watch), waiting_(waiting) {
    expires_at(at);
  }
  bool passed() const noexcept { return passed_; }

 private:
  void expired() override {
    passed_ = true;
    if constexpr (requires(error_code ignored) { waiting_.cancel(ignored); }) {
      error_code ignored;  // what cannot be cancelled ends by itself
      waiting_.cancel(ignored);
    } else {
      waiting_.cancel();
    }
  }
  Waiting& waiting_;
  bool passed_ = false;
};

Error too_slow() { return {Errc::deadline_exceeded, "connecting to the peer took too long"}; }

template <class Protocol>
Task<Result<void>> connect_socket(Reactor& reactor, Socket<Protocol>& socket,
                                  typename Protocol::endpoint endpoint, Steady::time_point deadline) {
  error_code failed;
  socket.open(endpoint.protocol(), failed);
  if (failed) co_return failed_at("cannot open a socket");
  ConnectDeadline limit(reactor, socket, deadline);
  auto [refused] = co_await socket.async_connect(endpoint, use_tuple);
  if (limit.passed()) co_return too_slow();
  if (refused) co_return failed_at("cannot connect to the peer");
  socket.non_blocking(true, failed);
  co_return Result<void>{};
}

Task<Result<std::vector<Tcp::endpoint>>> resolve(Reactor& reactor, const std::string& host,
                                                 std::uint16_t port, Steady::time_point deadline) {
  std::vector<Tcp::endpoint> endpoints;
  error_code not_an_address;
  const auto address = asio::ip::make_address(host, not_an_address);
  if (!not_an_address) {
    endpoints.emplace_back(address, port);
    co_return endpoints;
  }
  asio::ip::basic_resolver<Tcp, Executor> resolver(reactor.context);
  ConnectDeadline limit(reactor, resolver, deadline);
  auto [failed, found] = co_await resolver.async_resolve(host, std::to_string(port), use_tuple);
  if (limit.passed()) co_return too_slow();
  if (failed) co_return failed_at("cannot resolve the name of the peer");
  for (const auto& entry : found) endpoints.push_back(entry.endpoint());
  co_return endpoints;
}

Task<Result<Socket<Tcp>>> connect_tcp(Reactor& reactor, const std::string& host, std::uint16_t port,
                                      Steady::time_point deadline) {
  auto endpoints = co_await resolve(reactor, host, port, deadline);
  if (!endpoints) co_return std::move(endpoints).error();
  Error last = failed_at("the name of the peer has no address");
  for (const Tcp::endpoint& endpoint : *endpoints) {
    Socket<Tcp> socket(reactor.context);
    auto connected = co_await connect_socket<Tcp>(reactor, socket, endpoint, deadline);
    if (connected) {
      error_code ignored;  // costs speed, nothing else
      socket.set_option(Tcp::no_delay(true), ignored);
      co_return std::move(socket);
    }
    last = std::move(connected).error();
    if (last.code() == Errc::deadline_exceeded) break;
  }
  co_return last;
}

/// What asks a proxy for a tunnel.
std::string tunnel_request(const Destination& to, const Proxy& proxy) {
  const std::string host = to.host.find(':') == std::string::npos ? to.host : "[" + to.host + "]";
  const std::string authority = host + ":" + std::to_string(to.port);
  std::string text = "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n";
  if (!proxy.authorization.empty()) {
    text.append("Proxy-Authorization: ").append(proxy.authorization.reveal()).append("\r\n");
  }
  return text.append("\r\n");
}

/// Why there is no tunnel after this answer of a proxy, or nothing.
std::optional<Error> no_tunnel(const MessageReader<false>& reader) {
  const int status = reader.head().status;
  if (status == 407) return failed_at("the proxy wants a user and password, or other ones");
  if (status < 200 || status > 299) return failed_at("the proxy refused to connect to the peer");
  if (reader.has_unread()) return failed_at("the proxy spoke in the name of the peer");
  return std::nullopt;
}

/// The way to `to` behind the proxy that `socket` is connected to (RFC 9110 9.3.6).
Task<Result<Socket<Tcp>>> open_tunnel(Reactor& reactor, Socket<Tcp> socket, const Destination& to,
                                      const Proxy& proxy, const MessageLimits& limits,
                                      Steady::time_point deadline) {
  StreamChannel<Socket<Tcp>> channel(reactor, to, std::move(socket), limits);
  channel.expires_at(deadline);
  std::string request = tunnel_request(to, proxy);
  RequestPieces pieces{request};
  error_code failed = channel.write_now(pieces);
  if (!failed && !all_sent(pieces)) failed = co_await channel.write(pieces);
  wipe(request);
  if (failed) co_return failed_at("the proxy closed the connection");

  channel.reader.start();
  channel.reader.parser().expect_no_body();
  Progress progress = channel.reader.read_head();
  while (progress == Progress::more) {
    const Read got = co_await channel.fill();
    if (channel.timed_out()) co_return Error(Errc::deadline_exceeded, "the proxy did not answer in time");
    if (got != Read::done) co_return failed_at("the proxy closed the connection");
    progress = channel.reader.read_head();
  }
  if (progress == Progress::refused) co_return failed_at("the proxy's answer is not acceptable HTTP");
  auto refused = no_tunnel(channel.reader);
  if (refused) co_return *std::move(refused);
  channel.rest();
  co_return std::move(channel.stream());
}

Task<Result<void>> shake_hands(Reactor& reactor, TlsStream<Tcp>& stream, const std::string& host,
                               Steady::time_point deadline) {
  stream.set_verify_mode(asio::ssl::verify_peer);
  stream.set_verify_callback(asio::ssl::host_name_verification(host));
  error_code not_an_address;
  asio::ip::make_address(host, not_an_address);
  if (not_an_address && SSL_set_tlsext_host_name(stream.native_handle(), host.c_str()) != 1) {
    co_return failed_at("the name of the peer cannot be sent in the TLS handshake");
  }
  ConnectDeadline limit(reactor, stream.next_layer(), deadline);
  auto [failed] = co_await stream.async_handshake(asio::ssl::stream_base::client, use_tuple);
  if (limit.passed()) co_return too_slow();
  if (failed) {
    co_return failed_at(
        "the TLS handshake failed: the peer's certificate is not trusted or not for its name");
  }
  co_return Result<void>{};
}

}  // namespace

Task<Result<Socket<Tcp>>> Client::connect_through(const Destination& to, Steady::time_point deadline) {
  const Proxy* const proxy = ways_.proxies.find(to.host);
  if (proxy == nullptr) co_return co_await connect_tcp(reactor_, to.host, to.port, deadline);
  auto socket = co_await connect_tcp(reactor_, proxy->host, proxy->port, deadline);
  if (!socket) {
    co_return Error(socket.error().code(), "cannot reach the proxy").with_cause(std::move(socket).error());
  }
  co_return co_await open_tunnel(reactor_, *std::move(socket), to, *proxy, limits_.message, deadline);
}

Task<Result<std::unique_ptr<Channel>>> Client::connect(Destination to, ConnectionWatch* watch,
                                                       Steady::time_point deadline) {
  const Steady::time_point began = Steady::now();
  auto channel = co_await reach(std::move(to), deadline);
  if (channel) {
    (*channel)->be_watched(watch);
  } else if (watch) {
    watch->failed(began);
  }
  co_return channel;
}

Task<Result<std::unique_ptr<Channel>>> Client::reach(Destination to, Steady::time_point deadline) {
  deadline = std::min(deadline, Steady::now() + limits_.connect_time);
  if (!to.unix_path.empty()) {
    Socket<Unix> socket(reactor_.context);
    auto connected = co_await connect_socket<Unix>(reactor_, socket, Unix::endpoint(to.unix_path), deadline);
    if (!connected) co_return std::move(connected).error();
    co_return std::make_unique<StreamChannel<Socket<Unix>>>(reactor_, std::move(to), std::move(socket),
                                                            limits_.message);
  }
  if (!to.tls) {
    auto socket = co_await connect_tcp(reactor_, to.host, to.port, deadline);
    if (!socket) co_return std::move(socket).error();
    co_return std::make_unique<StreamChannel<Socket<Tcp>>>(reactor_, std::move(to), *std::move(socket),
                                                           limits_.message);
  }
  auto socket = co_await connect_through(to, deadline);
  if (!socket) co_return std::move(socket).error();
  if (!ways_.tls) {
    auto context = verifying_tls();
    if (!context) co_return std::move(context).error();
    ways_.tls = *std::move(context);
  }
  TlsStream<Tcp> stream(*std::move(socket), *ways_.tls);
  auto shaken = co_await shake_hands(reactor_, stream, to.host, deadline);
  if (!shaken) co_return std::move(shaken).error();
  co_return std::make_unique<StreamChannel<TlsStream<Tcp>>>(reactor_, std::move(to), std::move(stream),
                                                            limits_.message);
}

}  // namespace tongs::net
