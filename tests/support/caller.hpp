#pragma once
#include <array>
#include <cerrno>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "support/wire.hpp"

namespace tongs::test {

/// How a peer ended what it says.
enum class End {
  open,    ///< it has not
  closed,  ///< in order
  reset,   ///< the connection broke
  silent,  ///< it says nothing and does not close: longer than any limit of it that the tests set
};

/// A plain blocking socket on the calling side: says exactly what a test tells it to.
class Caller {
 public:
  static constexpr int kPatience = 10;  ///< seconds

  explicit Caller(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    const timeval patience{kPatience, 0};
    set(SOL_SOCKET, SO_RCVTIMEO, patience);
    set(SOL_SOCKET, SO_SNDTIMEO, patience);
    set(IPPROTO_TCP, TCP_NODELAY, 1);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error("nobody listens there");
    }
  }
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;
  ~Caller() { close(); }

  /// `at_a_time`: bytes in one piece. What the peer does not want to hear any more is not said.
  Caller& say(std::string_view bytes, std::size_t at_a_time = std::string_view::npos) {
    while (!bytes.empty()) {
      const std::string_view piece = bytes.substr(0, at_a_time);
      const ssize_t sent = ::send(socket_, piece.data(), piece.size(), MSG_NOSIGNAL);
      if (sent <= 0) break;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return *this;
  }
  Caller& finish() {
    ::shutdown(socket_, SHUT_WR);
    return *this;
  }
  /// Leaves without a word.
  void reset() {
    set(SOL_SOCKET, SO_LINGER, linger{1, 0});
    close();
  }
  void close() {
    if (socket_ >= 0) ::close(std::exchange(socket_, -1));
  }

  /// The next answer, or what came of it. `end` says how it was cut short.
  wire::Message hear_answer(bool to_head = false) {
    auto answer = wire::read_answer(heard_, to_head, end_ == End::closed);
    while (answer.state == wire::State::partial && end_ == End::open) {
      listen();
      answer = wire::read_answer(heard_, to_head, end_ == End::closed);
    }
    heard_.erase(0, answer.raw.size());
    return answer;
  }
  /// So many bytes, or those that came.
  std::string hear(std::size_t count) {
    while (heard_.size() < count && listen()) {
    }
    std::string part = heard_.substr(0, count);
    heard_.erase(0, count);
    return part;
  }
  /// Everything until the end.
  std::string hear_all() { return hear(std::string::npos); }

  End end() const { return end_; }

 private:
  template <class Value>
  void set(int level, int option, const Value& value) {
    ::setsockopt(socket_, level, option, &value, sizeof value);
  }

  bool listen() {
    if (end_ != End::open) return false;
    std::array<char, 16384> bytes{};
    const ssize_t got = ::recv(socket_, bytes.data(), bytes.size(), 0);
    if (got > 0) {
      heard_.append(bytes.data(), static_cast<std::size_t>(got));
    } else if (got == 0) {
      end_ = End::closed;
    } else {
      end_ = errno == EAGAIN || errno == EWOULDBLOCK ? End::silent : End::reset;
    }
    return got > 0;
  }

  int socket_;
  std::string heard_;
  End end_ = End::open;
};

}  // namespace tongs::test
