#pragma once
#include <atomic>
#include <memory>
#include <unordered_set>
#include <vector>

#include "common/net/server.hpp"
#include "common/net/socket_file.hpp"
#include "common/net/sockets.hpp"
#include "common/net/timer.hpp"

namespace tongs::net {

/// What a server and its connections share; it lives until the last of them ends.
struct Server::State {
  /// A connection, as the server sees it.
  class Link {
   public:
    virtual ~Link() = default;
    /// Ends the connection if no request is under way; else it ends after the answer.
    virtual void wind_up() = 0;
    virtual void cut() = 0;
  };

  State(Reactor& given_reactor, Handler given_handler, ServerLimits given_limits)
      : reactor(given_reactor), handler(std::move(given_handler)), limits(given_limits) {}

  bool full() const noexcept { return links.size() >= limits.connections; }
  void add(Link& link) {
    links.insert(&link);
    count = links.size();
  }
  void remove(Link& link) {
    links.erase(&link);
    count = links.size();
    if (!full()) room.cancel();
  }

  void tell(const Refusal& refusal) const {
    if (refusal_watch) refusal_watch(refusal);
  }

  Reactor& reactor;
  const Handler handler;
  const ServerLimits limits;
  std::function<void(const Refusal&)> refusal_watch;
  std::shared_ptr<const Entrance> entrance = std::make_shared<const Entrance>();
  std::unordered_set<Link*> links;
  std::atomic<std::size_t> count{0};  ///< of links, for other threads
  std::vector<std::shared_ptr<Acceptor<Tcp>>> tcp_acceptors;
  std::vector<std::shared_ptr<Acceptor<Unix>>> unix_acceptors;
  std::vector<SocketFile> socket_files;
  /// Accepting waits here while there are too many connections or too few descriptors.
  Timer room{reactor.context};
  bool draining = false;
};

}  // namespace tongs::net
