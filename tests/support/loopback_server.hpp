#pragma once
#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace tongs::test {

/// One accepted connection, as a script for it sees it: bytes in, bytes out. Reading past the end gives what
/// came.
class Connection {
 public:
  explicit Connection(int socket) : socket_(socket) {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { close(); }

  /// Everything up to and with the empty line; empty if the peer closed instead.
  std::string read_head() {
    while (buffer_.find("\r\n\r\n") == std::string::npos) {
      if (!fill()) return {};
    }
    return take(buffer_.find("\r\n\r\n") + 4);
  }

  std::string read(std::size_t size) {
    while (buffer_.size() < size && fill()) {
    }
    return take(std::min(size, buffer_.size()));
  }

  /// False once the peer is gone.
  bool write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  /// For a script that speaks something else than plain bytes.
  int socket() const { return socket_; }

  void wait_for_close() {
    while (fill()) buffer_.clear();
  }

  /// Closes with a reset instead of an end.
  void reset() {
    const linger at_once{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close();
  }

  void close() {
    const std::lock_guard hold(mutex_);
    if (socket_ >= 0) ::close(std::exchange(socket_, -1));
  }

  /// From another thread: ends every read and write.
  void interrupt() {
    const std::lock_guard hold(mutex_);
    if (socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
  }

 private:
  bool fill() {
    std::array<char, 4096> bytes{};
    const ssize_t got = ::recv(socket_, bytes.data(), bytes.size(), 0);
    if (got <= 0) return false;
    buffer_.append(bytes.data(), static_cast<std::size_t>(got));
    return true;
  }

  std::string take(std::size_t size) {
    std::string taken = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return taken;
  }

  std::mutex mutex_;  ///< between `close` and `interrupt`; only the script's thread changes `socket_`
  int socket_;
  std::string buffer_;
};

/// A server on a port of the loopback interface that the system chose, or on a unix socket. Runs `script` on
/// a thread of its own for each connection; when it returns, the connection is closed. Ending the server ends
/// all connections.
class LoopbackServer {
 public:
  using Script = std::function<void(Connection&)>;

  explicit LoopbackServer(Script script) : script_(std::move(script)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listen_on(AF_INET, reinterpret_cast<sockaddr*>(&address), sizeof address);
    socklen_t size = sizeof address;
    must(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port_ = ntohs(address.sin_port);
  }

  LoopbackServer(const std::string& unix_path, Script script) : script_(std::move(script)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    must(unix_path.size() < sizeof address.sun_path);
    unix_path.copy(address.sun_path, unix_path.size());
    listen_on(AF_UNIX, reinterpret_cast<sockaddr*>(&address), sizeof address);
  }

  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  ~LoopbackServer() {
    ::shutdown(listener_, SHUT_RDWR);
    accepting_.join();
    for (Connection& connection : open_) connection.interrupt();
    for (std::thread& thread : threads_) thread.join();
    ::close(listener_);
  }

  std::uint16_t port() const { return port_; }
  std::string url(std::string_view path = "/") const {
    return "http://127.0.0.1:" + std::to_string(port_) + std::string(path);
  }
  int connections() const { return connections_; }

 private:
  static void must(bool fine) {
    if (!fine) std::abort();
  }

  void listen_on(int family, const sockaddr* address, socklen_t size) {
    listener_ = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    must(listener_ >= 0 && ::bind(listener_, address, size) == 0 && ::listen(listener_, 64) == 0);
    accepting_ = std::thread([this] { accept_all(); });
  }

  void accept_all() {
    while (true) {
      const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (socket < 0) return;
      ++connections_;
      Connection& connection = open_.emplace_back(socket);
      threads_.emplace_back([this, &connection] {
        script_(connection);
        connection.close();
      });
    }
  }

  Script script_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<int> connections_ = 0;
  std::deque<Connection> open_;  ///< this and the next are touched by the accepting thread until it has ended
  std::vector<std::thread> threads_;
  std::thread accepting_;
};

}  // namespace tongs::test
