#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <tongs/result.hpp>

#include "common/net/head.hpp"
#include "common/net/proxies.hpp"
#include "common/net/reactor.hpp"
#include "common/net/sockets.hpp"
#include "common/net/task.hpp"
#include "common/net/tls.hpp"
#include "common/net/write.hpp"

namespace tongs::net {

/// The other end of a connection that we open. Connections to equal destinations are shared.
struct Destination {
  bool tls = false;
  std::string host;  ///< name or IP address, without brackets
  std::uint16_t port = 0;
  std::string unix_path;  ///< if set, nothing else counts

  /// The value of a Host header: `host[:port]`, the port left out where it is the scheme's own.
  std::string authority() const;
  friend auto operator<=>(const Destination&, const Destination&) = default;
};

struct ClientLimits {
  MessageLimits message;
  std::chrono::milliseconds connect_time{5000};  ///< name, connection and TLS handshake together
  std::chrono::milliseconds stall_time{30000};   ///< without a byte of a body, in or out
  std::chrono::milliseconds idle_time{50000};    ///< of a pooled connection
  std::size_t idle_connections = 256;            ///< per destination
};

/// Is told what becomes of the connections to a peer, in the reactor of the client. Outlives it.
class ConnectionWatch {
 public:
  virtual ~ConnectionWatch() = default;
  virtual void opened() = 0;
  virtual void closed() noexcept = 0;
  /// An open one is kept for another call, or no longer.
  virtual void rested() noexcept = 0;
  virtual void woken() noexcept = 0;
  /// None could be opened. `began`: when that was tried.
  virtual void failed(Steady::time_point began) = 0;
};

/// The head of a request as it goes on the wire.
struct RequestText {
  std::string_view method;
  std::string_view base = {};  ///< stands in front of the target
  std::string_view target;
  std::string_view header_lines;        ///< complete lines, `Host` among them, framing fields not
  std::string_view more_lines = {};     ///< follow them
  std::optional<std::uint64_t> length;  ///< of the body; empty: chunked
  /// May be sent again on another connection if the pooled one turns out dead before a byte of the answer
  /// came.
  bool replayable = false;
  /// Is told of the connection that is opened for this request, if any, for as long as it lives.
  ConnectionWatch* watch = nullptr;
};

/// At most: the start line, the header lines, those that follow, those about the body, and that.
using RequestPieces = Pieces<5>;

/// A connection with nothing said about what it carries.
class Channel;
/// Idle connections, shared by a client and its calls: a call may end after its client.
class ChannelPool;

/// One request under way and its answer.
/// Thread safety: none; lives in the reactor of its client. Destroying it early closes the connection.
class Call {
 public:
  /// `pool` gets `channel` back when both messages are read and sent.
  Call(std::shared_ptr<ChannelPool> pool, std::unique_ptr<Channel> channel, const RequestText& request);
  Call(Call&&) noexcept;
  Call& operator=(Call&&) = delete;
  ~Call();

  /// The next piece of the request's body; the head goes along with the first. Errors: transport_failed.
  Task<Result<void>> write(std::string_view piece);
  /// The request is complete. `trailer_lines` as for `Exchange::end`. Errors: transport_failed.
  Task<Result<void>> end(std::string_view trailer_lines = {});

  /// Waits for the head of the final answer until `deadline`; interim ones (1xx) are passed over.
  /// Errors: transport_failed (closed, reset), deadline_exceeded, malformed_response.
  Task<Result<void>> read_head(Steady::time_point deadline);
  /// Valid after `read_head`, until this call ends.
  const ResponseHead& head() const noexcept;
  /// The next piece of the body; empty at its end. Waits no longer than a stalled peer is waited for, nor
  /// beyond `deadline`. Errors: transport_failed, deadline_exceeded, malformed_response.
  Task<Result<std::string_view>> read_body(Steady::time_point deadline = Steady::time_point::max());
  /// Would `read_body` give something at once?
  bool body_waits() const noexcept;
  /// What `read_body` would give, if it has not to wait and nothing is wrong.
  std::optional<std::string_view> body_at_hand();
  /// Is what has come of the answer no acceptable HTTP?
  bool is_broken() const noexcept;
  const Fields& trailers() const noexcept;

 private:
  friend class Client;
  /// As far as the system takes them at once.
  Result<void> send_now(RequestPieces& pieces);
  Task<Result<void>> send(RequestPieces pieces);

  std::shared_ptr<ChannelPool> pool_;
  std::unique_ptr<Channel> channel_;
  std::string out_;  ///< goes before the next piece of the body
  bool chunked_ = false;
  bool request_done_ = false;
  bool heard_ = false;  ///< the head of an answer, even of an interim one
  bool answered_ = false;
  bool head_request_ = false;
};

/// How a client reaches its peers.
struct Ways {
  /// Verifies peers; empty: against the system's certificate authorities.
  TlsContext tls = nullptr;
  ProxyRules proxies = {};
};

/// Opens connections, keeps idle ones for the next call, and carries requests. It follows no redirect and
/// adds no header of its own but the framing. Thread safety: none; one client per reactor.
class Client {
 public:
  explicit Client(Reactor& reactor, ClientLimits limits = {}, Ways ways = {});
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// A call whose body follows by `Call::write`. `to` and `request` must stay until then.
  /// Errors: transport_failed (name, proxy, connection or TLS: the message says which), deadline_exceeded.
  Task<Result<Call>> open(const Destination& to, RequestText request, Steady::time_point deadline);
  /// Sends the whole request and reads the head of the answer. `to`, `request` and `body` must stay until
  /// then. Errors: as `open` and `Call::read_head`.
  Task<Result<Call>> send(const Destination& to, RequestText request, std::string_view body,
                          Steady::time_point deadline);

  std::size_t idle_connections() const noexcept;

 private:
  Task<Result<std::unique_ptr<Channel>>> connect(Destination to, ConnectionWatch* watch,
                                                 Steady::time_point deadline);
  Task<Result<std::unique_ptr<Channel>>> reach(Destination to, Steady::time_point deadline);
  Task<Result<Socket<Tcp>>> connect_through(const Destination& to, Steady::time_point deadline);

  Reactor& reactor_;
  const ClientLimits limits_;
  Ways ways_;
  std::shared_ptr<ChannelPool> pool_;
};

}  // namespace tongs::net
