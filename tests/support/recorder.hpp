#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sys/socket.h>

#include "support/loopback_server.hpp"
#include "support/wire.hpp"

namespace tongs::test {

/// A backend that writes down every byte of every request, read by `wire`, before it answers. Unless told
/// otherwise it answers 200 with the method and the target, and keeps the connection.
class Recorder {
 public:
  Recorder() {
    server_.emplace([this](Connection& connection) { serve(connection); });
  }

  std::uint16_t port() const { return server_->port(); }
  /// Hears no more. What came until now is written down when this returns.
  void stop() { server_.reset(); }

  /// From now on it says these bytes, and closes behind them if it is told to.
  void answer(std::string bytes, bool close) {
    const std::lock_guard hold(mutex_);
    answer_ = std::move(bytes);
    close_ = close;
  }
  void answer_as_usual() { answer({}, false); }

  /// The requests that came since the last call: whole ones, which are there before their answer goes out,
  /// and those that are wrong or were cut short, which are there as soon as the gateway has let go of them.
  std::vector<wire::Message> take() {
    const std::lock_guard hold(mutex_);
    return std::exchange(requests_, {});
  }

 private:
  void serve(Connection& connection) {
    std::string bytes;
    for (;;) {
      auto request = wire::read_request(bytes);
      if (request.state == wire::State::partial) {
        if (receive(connection, bytes)) continue;
        if (!bytes.empty()) record(std::move(request));
        return;
      }
      bytes.erase(0, request.raw.size());
      const bool whole = request.state == wire::State::whole;
      const auto [text, close] = record(std::move(request));
      if (!whole || !connection.write(text) || close) return;
    }
  }

  static bool receive(const Connection& connection, std::string& bytes) {
    std::array<char, 16384> piece{};
    const ssize_t got = ::recv(connection.socket(), piece.data(), piece.size(), 0);
    if (got > 0) bytes.append(piece.data(), static_cast<std::size_t>(got));
    return got > 0;
  }

  /// What is said to it.
  std::pair<std::string, bool> record(wire::Message request) {
    const std::string text = request.method() + ' ' + request.target();
    const std::string usual = "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(text.size()) +
                              "\r\n\r\n" + (request.method() == "HEAD" ? "" : text);
    const std::lock_guard hold(mutex_);
    requests_.push_back(std::move(request));
    return {answer_.empty() ? usual : answer_, close_};
  }

  std::mutex mutex_;
  std::vector<wire::Message> requests_;
  std::string answer_;
  bool close_ = false;
  std::optional<LoopbackServer> server_;
};

}  // namespace tongs::test
