#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include <sys/epoll.h>

#include "message_reader.hpp"

namespace tongs::bench {

/// Ends the program: `what` failed, for the reason that the system gives.
[[noreturn]] void die(const char* what);

/// All sockets are on the loopback interface and send at once.
struct Listener {
  int socket;
  std::uint16_t port;  ///< chosen by the system
};
Listener listen_on_loopback();
/// A negative number if nobody waits any more.
int accept_from(int listener);
/// Dies if nobody listens there.
int connect_to(std::uint16_t port);

/// Waits while the peer reads too slowly. False if it is gone.
bool send_all(int socket, std::string_view bytes);
/// Takes what has come. False if the peer is gone.
bool receive(int socket, MessageReader& reader);

/// Tells which sockets can be read.
class Epoll {
 public:
  Epoll();
  Epoll(const Epoll&) = delete;
  Epoll& operator=(const Epoll&) = delete;
  ~Epoll();

  /// `whose` comes back in `data.ptr` of its events. Closing the socket ends it.
  void watch(int socket, void* whose) const;
  std::span<const epoll_event> wait();
  /// Comes back at once, if need be with nothing, and then lets others have the core: a process that never
  /// sleeps costs nobody the interrupt that would wake it.
  std::span<const epoll_event> look();

 private:
  std::span<const epoll_event> wait(int milliseconds);
  int epoll_;
  std::array<epoll_event, 128> events_{};
};

}  // namespace tongs::bench
