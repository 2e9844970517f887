#include "load_generator.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include <unistd.h>

namespace tongs::bench {

namespace {

std::uint32_t as_latency(std::chrono::nanoseconds time) {
  constexpr std::int64_t most = std::numeric_limits<std::uint32_t>::max();
  return static_cast<std::uint32_t>(std::min<std::int64_t>(time.count(), most));
}

}  // namespace

double Tally::percentile_us(double hundredths) {
  if (latencies_ns.empty()) return 0;
  const auto last = static_cast<double>(latencies_ns.size() - 1);
  const auto middle = latencies_ns.begin() + static_cast<std::ptrdiff_t>(last * hundredths / 100);
  std::nth_element(latencies_ns.begin(), middle, latencies_ns.end());
  return *middle / 1e3;
}

LoadGenerator::LoadGenerator(std::uint16_t port, std::size_t connections, std::vector<std::string> requests,
                             std::uint64_t most_requests)
    : port_(port), requests_(std::move(requests)), to_send_(most_requests), connections_(connections) {
  for (Connection& connection : connections_) {
    open(connection);
    send_next(connection);
  }
}

LoadGenerator::~LoadGenerator() {
  for (const Connection& connection : connections_) close(connection.socket);
}

Tally LoadGenerator::run(std::chrono::nanoseconds time) {
  Tally tally;
  const auto began = Clock::now();
  while (waiting_ > 0 && tally.time < time) {
    for (const epoll_event& event : epoll_.look()) {
      take_answers(*static_cast<Connection*>(event.data.ptr), tally);
    }
    tally.time = Clock::now() - began;
  }
  return tally;
}

void LoadGenerator::open(Connection& connection) {
  connection.socket = connect_to(port_);
  connection.reader = MessageReader();
  epoll_.watch(connection.socket, &connection);
}

void LoadGenerator::reopen(Connection& connection) {
  close(connection.socket);
  open(connection);
}

void LoadGenerator::send_next(Connection& connection) {
  if (to_send_ == 0) return;
  --to_send_;
  connection.sent = Clock::now();
  connection.waiting = true;
  ++waiting_;
  // A send that fails is seen as the end of the connection when its answer is read.
  (void)send_all(connection.socket, requests_[next_]);
  next_ = (next_ + 1) % requests_.size();
}

void LoadGenerator::take_answers(Connection& connection, Tally& tally) {
  bool open = receive(connection.socket, connection.reader);
  if (const auto answer = connection.reader.next()) {
    ++(answer->status() == 200 ? tally.good : tally.refused);
    tally.latencies_ns.push_back(as_latency(Clock::now() - connection.sent));
    open = open && !answer->last;
  } else if (open) {
    return;
  } else if (connection.waiting) {
    ++tally.broken;
  }
  waiting_ -= std::exchange(connection.waiting, false) ? 1 : 0;
  if (!open) reopen(connection);
  send_next(connection);
}

}  // namespace tongs::bench
