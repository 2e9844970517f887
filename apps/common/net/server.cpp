#include "common/net/server.hpp"

#include <boost/asio/ip/v6_only.hpp>
#include <unistd.h>

#include "common/log.hpp"
#include "common/log_sample.hpp"
#include "common/net/connection.hpp"
#include "common/net/socket_file.hpp"

namespace tongs::net {

Task<Result<std::string>> Exchange::read_whole_body(std::size_t limit) {
  std::string body;
  for (;;) {
    auto piece = co_await read_body();
    if (!piece) co_return std::move(piece).error();
    if (piece->empty()) co_return body;
    if (body.size() + piece->size() > limit) {
      co_return Error(Errc::invalid_argument, "the body of the request is too large");
    }
    body += *piece;
  }
}

namespace {

template <class Protocol>
Task<> serve_plain(std::shared_ptr<Server::State> server, Socket<Protocol> socket,
                   std::shared_ptr<const Entrance> entrance, std::string peer) {
  Connection<Socket<Protocol>> connection(std::move(server), std::move(socket), *entrance, std::move(peer));
  co_await connection.run();
}

template <class Protocol>
Task<> serve_tls(std::shared_ptr<Server::State> server, Socket<Protocol> socket,
                 std::shared_ptr<const Entrance> entrance, std::string peer) {
  TlsStream<Protocol> stream(std::move(socket), *entrance->tls);
  Connection<TlsStream<Protocol>> connection(std::move(server), std::move(stream), *entrance,
                                             std::move(peer));
  co_await connection.run();
}

template <class Protocol>
Task<> serve(const std::shared_ptr<Server::State>& server, Socket<Protocol> socket, std::string peer) {
  const auto& entrance = server->entrance;
  return entrance->tls ? serve_tls<Protocol>(server, std::move(socket), entrance, std::move(peer))
                       : serve_plain<Protocol>(server, std::move(socket), entrance, std::move(peer));
}

std::string address_of(const Tcp::endpoint& peer) { return peer.address().to_string(); }
std::string address_of(const Unix::endpoint&) { return "unix"; }

/// Out of what an accepted connection needs: trying again at once would only spin.
bool exhausted(const error_code& failed) noexcept {
  return failed == asio::error::no_descriptors || failed == asio::error::no_memory ||
         failed == asio::error::no_buffer_space;
}

template <class Protocol>
Task<> accept_loop(std::shared_ptr<Server::State> server, std::shared_ptr<Acceptor<Protocol>> acceptor) {
  log::Sample sample;
  typename Protocol::endpoint peer;  // of one that has left by now, the socket would not say it
  while (!server->draining) {
    auto [failed, socket] = co_await acceptor->async_accept(peer, use_tuple);
    if (!failed) {
      asio::co_spawn(server->reactor.context, serve<Protocol>(server, std::move(socket), address_of(peer)),
                     asio::detached);
    }
    if (exhausted(failed) && sample.take(std::chrono::steady_clock::now())) {
      log::warn("connections wait: the system has no descriptor or memory for one more",
                {{"reason", failed.message()}, {"open", std::to_string(server->links.size())}});
    }
    while (!server->draining && (server->full() || exhausted(failed))) {
      server->room.expires_after(std::chrono::milliseconds(100));
      auto [woken] = co_await server->room.async_wait(use_tuple);
      (void)woken;  // there is room, or it is time to look again
      failed = {};
    }
  }
}

template <class Protocol>
void start_accepting(const std::shared_ptr<Server::State>& server,
                     std::shared_ptr<Acceptor<Protocol>> acceptor) {
  asio::co_spawn(server->reactor.context, accept_loop<Protocol>(server, std::move(acceptor)), asio::detached);
}

template <class Protocol>
std::string bound_text(const Acceptor<Protocol>& acceptor) {
  const auto endpoint = acceptor.local_endpoint();
  if constexpr (std::is_same_v<Protocol, Unix>) {
    return "unix:" + endpoint.path();
  } else {
    const auto host = endpoint.address().to_string();
    return (endpoint.address().is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(endpoint.port());
  }
}

}  // namespace

Server::Server(Reactor& reactor, Handler handler, ServerLimits limits)
    : state_(std::make_shared<State>(reactor, std::move(handler), limits)) {}

Server::~Server() {
  drain();
  abort();
}

namespace {

template <class Protocol>
Result<std::shared_ptr<Acceptor<Protocol>>> open(Context& context,
                                                 const typename Protocol::endpoint& endpoint,
                                                 bool both_families) {
  auto acceptor = std::make_shared<Acceptor<Protocol>>(context);
  error_code failed;
  acceptor->open(endpoint.protocol(), failed);
  if constexpr (std::is_same_v<Protocol, Tcp>) {
    if (!failed) acceptor->set_option(Tcp::acceptor::reuse_address(true), failed);
    if (!failed && endpoint.protocol() == Tcp::v6()) {
      acceptor->set_option(asio::ip::v6_only(!both_families), failed);
    }
  }
  if (!failed) acceptor->bind(endpoint, failed);
  if (!failed) acceptor->listen(4096, failed);
  if (failed) return Error(Errc::invalid_argument, "cannot listen: " + failed.message());
  return acceptor;
}

template <class Protocol>
Result<std::shared_ptr<Acceptor<Protocol>>> duplicate(Context& context, Acceptor<Protocol>& other) {
  const auto endpoint = other.local_endpoint();
  const int descriptor = ::dup(other.native_handle());
  if (descriptor < 0) return Error(Errc::internal, "cannot duplicate a listening socket");
  auto acceptor = std::make_shared<Acceptor<Protocol>>(context);
  error_code failed;
  acceptor->assign(endpoint.protocol(), descriptor, failed);
  if (failed) return Error(Errc::internal, "cannot share a listening socket: " + failed.message());
  return acceptor;
}

}  // namespace

void Server::use(std::shared_ptr<const Entrance> entrance) { state_->entrance = std::move(entrance); }

void Server::watch_refusals(std::function<void(const Refusal&)> watch) {
  state_->refusal_watch = std::move(watch);
}

Result<std::string> Server::listen(const ListenAddress& address) {
  State& state = *state_;
  if (address.is_unix()) {
    SocketFile::remove_stale(address.unix_path);
    auto acceptor = open<Unix>(state.reactor.context, Unix::endpoint(address.unix_path), false);
    if (!acceptor) return std::move(acceptor).error();
    state.socket_files.emplace_back(address.unix_path);
    state.unix_acceptors.push_back(*acceptor);
    start_accepting<Unix>(state_, *acceptor);
    return bound_text(**acceptor);
  }
  const Tcp::endpoint endpoint(asio::ip::make_address(address.host), address.port);
  auto acceptor = open<Tcp>(state.reactor.context, endpoint, address.host == "::");
  if (!acceptor) return std::move(acceptor).error();
  state.tcp_acceptors.push_back(*acceptor);
  start_accepting<Tcp>(state_, *acceptor);
  return bound_text(**acceptor);
}

Result<void> Server::listen_with(const Server& other) {
  State& state = *state_;
  for (const auto& acceptor : other.state_->tcp_acceptors) {
    auto shared = duplicate<Tcp>(state.reactor.context, *acceptor);
    if (!shared) return std::move(shared).error();
    state.tcp_acceptors.push_back(*shared);
    start_accepting<Tcp>(state_, *shared);
  }
  for (const auto& acceptor : other.state_->unix_acceptors) {
    auto shared = duplicate<Unix>(state.reactor.context, *acceptor);
    if (!shared) return std::move(shared).error();
    state.unix_acceptors.push_back(*shared);
    start_accepting<Unix>(state_, *shared);
  }
  return {};
}

void Server::drain() {
  State& state = *state_;
  state.draining = true;
  error_code ignored;  // a socket that cannot be closed is closed by the system at exit
  for (const auto& acceptor : state.tcp_acceptors) acceptor->close(ignored);
  for (const auto& acceptor : state.unix_acceptors) acceptor->close(ignored);
  state.socket_files.clear();
  state.room.cancel();
  for (State::Link* link : state.links) link->wind_up();
}

void Server::abort() {
  for (State::Link* link : state_->links) link->cut();
}

std::size_t Server::connections() const noexcept { return state_->count; }

}  // namespace tongs::net
