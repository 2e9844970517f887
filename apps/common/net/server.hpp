#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <sys/types.h>

#include <tongs/result.hpp>

#include "common/net/address.hpp"
#include "common/net/head.hpp"
#include "common/net/networks.hpp"
#include "common/net/peer_certificate.hpp"
#include "common/net/reactor.hpp"
#include "common/net/response.hpp"
#include "common/net/task.hpp"
#include "common/net/tls.hpp"

namespace tongs::net {

/// What a peer may take of a server. Every one is a bound on what a hostile or broken peer can hold.
struct ServerLimits {
  MessageLimits message;
  /// From the first byte of a head to its last, and from accepting a connection to the end of its handshake.
  std::chrono::milliseconds head_time{10000};
  std::chrono::milliseconds idle_time{75000};   ///< between two requests
  std::chrono::milliseconds stall_time{30000};  ///< without a byte of a body, in or out
  std::size_t connections = 10000;              ///< beyond it, new ones wait in the system's backlog
};

/// Who is at the other end of a connection.
struct Peer {
  std::string address;             ///< IP address, or `unix`; of a proxy's caller, if the proxy says it
  bool tls = false;                ///< is it TLS that he speaks with us, or with a proxy that says so?
  bool is_unix = false;            ///< does he come through a Unix socket?
  std::optional<uid_t> user = {};  ///< whose process it was that connected, through a Unix socket
  std::shared_ptr<const PeerCertificate> certificate = {};  ///< that he showed to us; null: none
};

/// How connections begin, before their first request.
struct Entrance {
  TlsContext tls = nullptr;   ///< null: without TLS
  Networks proxies = {};      ///< connections from there begin with a PROXY header, before TLS
  bool proxied_unix = false;  ///< those that come through a Unix socket do
};

/// One request and its one answer, as a handler meets them.
/// Thread safety: none; lives in the reactor of its server, for as long as the handler runs.
class Exchange {
 public:
  virtual ~Exchange() = default;

  /// Views in it are valid until the handler ends.
  virtual const RequestHead& request() const noexcept = 0;
  virtual const Peer& peer() const noexcept = 0;
  virtual Reactor& reactor() const noexcept = 0;

  /// The next piece of the body, valid until the next call; empty at its end. Answers `Expect: 100-continue`
  /// first. Errors: transport_failed (the peer left or stalled), invalid_argument (the body is malformed or
  /// too large: the connection answers that itself, the handler just ends).
  virtual Task<Result<std::string_view>> read_body() = 0;
  /// The whole body. Errors: as `read_body`, and invalid_argument when it is longer than `limit` bytes.
  Task<Result<std::string>> read_whole_body(std::size_t limit);
  virtual const Fields& request_trailers() const noexcept = 0;

  /// Answers at once. Errors: transport_failed.
  virtual Task<Result<void>> respond(Response response) = 0;

  /// Starts an answer whose body follows in pieces. `length` empty: chunked, or until close for HTTP/1.0. The
  /// head goes out with the first piece, or with `flush`. `reason` may be empty.
  virtual void begin(int status, std::string_view reason, std::string_view header_lines,
                     std::optional<std::uint64_t> length) = 0;
  /// Gives a piece of the body to the system as far as it takes it at once. False: something is left, or went
  /// wrong: `flush` before anything else.
  virtual bool offer(std::string_view piece) = 0;
  /// Ends the body; else as `offer`. `trailer_lines`: header lines after the last chunk, dropped where there
  /// are no chunks.
  virtual bool finish(std::string_view trailer_lines = {}) = 0;
  /// Sends what is left, the head at least. Errors: transport_failed.
  virtual Task<Result<void>> flush() = 0;
  /// Ends the connection in the middle of the answer, so that the peer sees that it is cut short.
  virtual void abort() noexcept = 0;

  virtual bool answered() const noexcept = 0;
  /// Of the answer that has begun; 0: none has.
  virtual int answer_status() const noexcept = 0;
  /// Of the answer's body, given to the system so far.
  virtual std::uint64_t answer_bytes() const noexcept = 0;
  /// `read_body` gave an error: there is nothing to answer that the connection does not say itself.
  virtual bool body_failed() const noexcept = 0;
};

/// What a server turned away by itself, for want of something to show to a handler.
struct Refusal {
  enum class Of : std::uint8_t { proxy_header, handshake, request };
  Of of = Of::request;
  int status = 0;         ///< of the answer; 0: there was none
  std::string_view what;  ///< is wrong with it; safe to log
  const std::string& peer;
};

/// Answers one request. What it leaves unanswered becomes a 500, what it throws too.
using Handler = std::function<Task<>(Exchange&)>;

/// Accepts connections and runs a handler for each request on them.
/// Thread safety: none; all members from the thread of the reactor (or before it runs).
class Server {
 public:
  Server(Reactor& reactor, Handler handler, ServerLimits limits = {});
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// For connections that are accepted from now on; without it they begin with a request.
  void use(std::shared_ptr<const Entrance> entrance);
  /// `watch` is told of every refusal.
  void watch_refusals(std::function<void(const Refusal&)> watch);

  /// Opens a listening socket. The address as it really is (`127.0.0.1:43211`, `[::1]:43211`, `unix:/path`).
  /// Errors: invalid_argument (address in use, not ours, no permission), with the system's reason.
  Result<std::string> listen(const ListenAddress& address);
  /// Listens on the socket of another server too, so that several reactors share one port.
  Result<void> listen_with(const Server& other);

  /// Stops accepting, ends idle connections, and says `Connection: close` on the others.
  void drain();
  /// Ends every connection now.
  void abort();
  /// Open connections. Thread safety: any.
  std::size_t connections() const noexcept;

  struct State;

 private:
  std::shared_ptr<State> state_;
};

}  // namespace tongs::net
