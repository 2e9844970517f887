// What a proxy costs that does nothing else: raw epoll, one thread, each caller with a connection of its own
// to the backend, every message passed on as it came. The floor under every other server of the ingress
// benchmark.
//
//   ingress_raw_proxy PORT_OF_THE_BACKEND

#include <charconv>
#include <cstdio>
#include <cstring>
#include <list>

#include <unistd.h>

#include "message_reader.hpp"
#include "sockets.hpp"

namespace {

using namespace tongs::bench;

/// A caller and its way to the backend.
struct Pair {
  struct Side {
    Pair* pair;
    int socket;
    MessageReader reader;
  };

  Pair(int accepted, int connected) : caller{this, accepted, {}}, backend{this, connected, {}} {}
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;
  ~Pair() {
    close(caller.socket);
    close(backend.socket);
  }

  /// Passes on what has come; false if this side is done.
  bool pass(Side& from) {
    const int to = &from == &caller ? backend.socket : caller.socket;
    if (!receive(from.socket, from.reader)) return false;
    while (const auto message = from.reader.next()) {
      if (!send_all(to, message->text) || message->last) return false;
    }
    return true;
  }

  Side caller, backend;
  bool ended = false;
};

class RawProxy {
 public:
  explicit RawProxy(std::uint16_t backend) : backend_(backend), listener_(listen_on_loopback()) {
    epoll_.watch(listener_.socket, nullptr);
  }

  std::uint16_t port() const noexcept { return listener_.port; }

  [[noreturn]] void run() {
    for (;;) {
      for (const epoll_event& event : epoll_.wait()) {
        auto* const side = static_cast<Pair::Side*>(event.data.ptr);
        if (side == nullptr) {
          accept_one();
        } else if (!side->pair->ended) {
          side->pair->ended = !side->pair->pass(*side);
          some_ended_ |= side->pair->ended;
        }
      }
      forget_ended();
    }
  }

 private:
  void accept_one() {
    const int accepted = accept_from(listener_.socket);
    if (accepted < 0) return;
    Pair& pair = pairs_.emplace_back(accepted, connect_to(backend_));
    epoll_.watch(pair.caller.socket, &pair.caller);
    epoll_.watch(pair.backend.socket, &pair.backend);
  }

  /// Not before all events of a turn are done: both sides of a pair may have one.
  void forget_ended() {
    if (some_ended_) pairs_.remove_if([](const Pair& pair) { return pair.ended; });
    some_ended_ = false;
  }

  std::uint16_t backend_;
  Listener listener_;
  Epoll epoll_;
  std::list<Pair> pairs_;
  bool some_ended_ = false;
};

}  // namespace

int main(int count, char** arguments) {
  std::uint16_t backend = 0;
  if (count == 2) std::from_chars(arguments[1], arguments[1] + std::strlen(arguments[1]), backend);
  if (backend == 0) {
    std::fprintf(stderr, "usage: ingress_raw_proxy PORT_OF_THE_BACKEND\n");
    return 2;
  }
  RawProxy proxy(backend);
  std::printf("raw proxy is ready: http://127.0.0.1:%u\n", proxy.port());
  std::fflush(stdout);
  proxy.run();
}
