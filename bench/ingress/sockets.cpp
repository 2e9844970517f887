#include "sockets.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace tongs::bench {

namespace {

constexpr int kKind = SOCK_STREAM | SOCK_CLOEXEC;

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

void send_at_once(int socket) {
  const int on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

bool would_block() { return errno == EAGAIN || errno == EWOULDBLOCK; }

}  // namespace

void die(const char* what) {
  std::perror(what);
  std::exit(1);  // NOLINT(concurrency-mt-unsafe): there is one thread
}

Listener listen_on_loopback() {
  const int listener = socket(AF_INET, kKind | SOCK_NONBLOCK, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (listener < 0 || bind(listener, reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
      listen(listener, SOMAXCONN) != 0 ||
      getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    die("listen");
  }
  return {listener, ntohs(address.sin_port)};
}

int accept_from(int listener) {
  const int accepted = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
  if (accepted >= 0) send_at_once(accepted);
  return accepted;
}

int connect_to(std::uint16_t port) {
  const int connected = socket(AF_INET, kKind, 0);
  const sockaddr_in address = loopback(port);
  if (connected < 0 || connect(connected, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    die("connect");
  }
  send_at_once(connected);
  return connected;
}

bool send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (would_block()) {
      pollfd writable{socket, POLLOUT, 0};
      poll(&writable, 1, -1);
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

bool receive(int socket, MessageReader& reader) {
  const std::span<char> room = reader.room();
  const ssize_t received = recv(socket, room.data(), room.size(), MSG_DONTWAIT);
  if (received <= 0) return received < 0 && (would_block() || errno == EINTR);
  reader.add(static_cast<std::size_t>(received));
  return true;
}

Epoll::Epoll() : epoll_(epoll_create1(EPOLL_CLOEXEC)) {
  if (epoll_ < 0) die("epoll_create1");
}

Epoll::~Epoll() { close(epoll_); }

void Epoll::watch(int socket, void* whose) const {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = whose;
  if (epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event) != 0) die("epoll_ctl");
}

std::span<const epoll_event> Epoll::wait() { return wait(-1); }

std::span<const epoll_event> Epoll::look() {
  const auto events = wait(0);
  if (events.empty()) std::this_thread::yield();
  return events;
}

std::span<const epoll_event> Epoll::wait(int milliseconds) {
  const int ready = epoll_wait(epoll_, events_.data(), static_cast<int>(events_.size()), milliseconds);
  if (ready < 0 && errno != EINTR) die("epoll_wait");
  return {events_.data(), static_cast<std::size_t>(ready < 0 ? 0 : ready)};
}

}  // namespace tongs::bench
