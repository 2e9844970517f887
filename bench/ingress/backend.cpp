// The backend behind every server of the ingress benchmark: answers whatever it is asked with the same few
// bytes. One thread, no work, so that what is measured is the server in front of it.

#include <cstdio>

#include <unistd.h>

#include "message_reader.hpp"
#include "sockets.hpp"

namespace {

using namespace tongs::bench;

constexpr std::string_view kAnswer =
    "HTTP/1.1 200 OK\r\n"
    "Content-Type: application/json\r\n"
    "Content-Length: 11\r\n"
    "\r\n"
    R"({"ok":true})";

struct Connection {
  explicit Connection(int accepted) : socket(accepted) {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { close(socket); }

  /// False if that was all.
  bool serve() {
    if (!receive(socket, reader)) return false;
    while (const auto request = reader.next()) {
      if (!send_all(socket, kAnswer) || request->last) return false;
    }
    return true;
  }

  int socket;
  MessageReader reader;
};

/// It belongs to the loop from now on, until it ends.
void accept_one(const Listener& listener, const Epoll& epoll) {
  const int accepted = accept_from(listener.socket);
  if (accepted >= 0) epoll.watch(accepted, new Connection(accepted));
}

}  // namespace

int main() {
  const Listener listener = listen_on_loopback();
  Epoll epoll;
  epoll.watch(listener.socket, nullptr);
  std::printf("backend is ready: http://127.0.0.1:%u\n", listener.port);
  std::fflush(stdout);
  for (;;) {
    for (const epoll_event& event : epoll.look()) {
      auto* const connection = static_cast<Connection*>(event.data.ptr);
      if (connection == nullptr) {
        accept_one(listener, epoll);
      } else if (!connection->serve()) {
        delete connection;
      }
    }
  }
}
