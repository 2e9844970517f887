#pragma once
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <pthread.h>

#include "common/net/server.hpp"

namespace tongs::bench {

inline void must(bool fine, const char* what) {
  if (fine) return;
  std::fprintf(stderr, "%s\n", what);
  std::exit(1);
}

/// On a machine with one core everything shares it.
inline void pin_to(int core) {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  CPU_SET(core, &cores);
  (void)pthread_setaffinity_np(pthread_self(), sizeof cores, &cores);
}

inline double cpu_seconds_of(pthread_t thread) {
  clockid_t clock{};
  timespec time{};
  must(pthread_getcpuclockid(thread, &clock) == 0 && clock_gettime(clock, &time) == 0, "no clock");
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

inline double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// A listener on a thread and a core of its own.
class PinnedListener {
 public:
  PinnedListener(int core, const std::function<net::Handler(net::Reactor&)>& make,
                 std::shared_ptr<const net::Entrance> entrance = nullptr)
      : server_(reactor_, make(reactor_)), guard_(boost::asio::make_work_guard(reactor_.context)) {
    if (entrance) server_.use(std::move(entrance));
    const std::string address = server_.listen(net::ListenAddress::parse("127.0.0.1:0").value()).value();
    port = static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
    thread_ = std::thread([this, core] {
      pin_to(core);
      reactor_.context.run();
    });
  }
  ~PinnedListener() { stop(); }
  /// From now on its reactor does nothing any more, and what lives in that may be destroyed.
  void stop() {
    reactor_.context.stop();
    if (thread_.joinable()) thread_.join();
  }
  PinnedListener(const PinnedListener&) = delete;
  PinnedListener& operator=(const PinnedListener&) = delete;

  double cpu_seconds() { return cpu_seconds_of(thread_.native_handle()); }
  std::uint16_t port = 0;

 private:
  net::Reactor reactor_;
  net::Server server_;
  boost::asio::executor_work_guard<net::Executor> guard_;
  std::thread thread_;
};

}  // namespace tongs::bench
