#pragma once
#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "message_reader.hpp"
#include "sockets.hpp"

namespace tongs::bench {

/// What came of the requests of one run.
struct Tally {
  std::uint64_t good = 0;     ///< answered with 200
  std::uint64_t refused = 0;  ///< answered with something else
  std::uint64_t broken = 0;   ///< the connection ended before the answer
  std::chrono::nanoseconds time{};
  std::vector<std::uint32_t> latencies_ns;  ///< of the answers, from the first byte sent to the last received

  std::uint64_t answers() const noexcept { return good + refused; }
  /// Microseconds below which so many hundredths of the answers came; 0 without answers. Sorts the latencies.
  double percentile_us(double hundredths);
};

/// Keeps every connection busy: each sends its next request as soon as the last one is answered. The requests
/// are taken in turn, again from the first after the last.
class LoadGenerator {
 public:
  /// `requests` not empty. Sends `most_requests` in all, or until nobody runs it any more. Dies if nobody
  /// listens.
  LoadGenerator(std::uint16_t port, std::size_t connections, std::vector<std::string> requests,
                std::uint64_t most_requests);
  LoadGenerator(const LoadGenerator&) = delete;
  LoadGenerator& operator=(const LoadGenerator&) = delete;
  ~LoadGenerator();

  /// Until the time is over or the last request is answered. What is under way then belongs to the next run.
  Tally run(std::chrono::nanoseconds time);

 private:
  using Clock = std::chrono::steady_clock;

  struct Connection {
    int socket = -1;
    MessageReader reader;
    Clock::time_point sent;
    bool waiting = false;  ///< for an answer
  };

  void open(Connection& connection);
  void reopen(Connection& connection);
  void send_next(Connection& connection);
  void take_answers(Connection& connection, Tally& tally);

  std::uint16_t port_;
  std::vector<std::string> requests_;
  std::uint64_t to_send_;
  std::size_t next_ = 0;
  std::size_t waiting_ = 0;  ///< connections
  Epoll epoll_;
  std::deque<Connection> connections_;
};

}  // namespace tongs::bench
