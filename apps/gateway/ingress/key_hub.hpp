#pragma once
#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include <tongs/asio.hpp>
#include <tongs/jwks.hpp>

#include "common/net/reactor.hpp"

namespace tongs::gateway {

using PublicKey = std::shared_ptr<const jose::RsaPublicKey>;

class KeyHub;

/// A state of a key set: who remembers something that it gave asks whether it still holds.
struct KeyState {
  const KeyHub* hub = nullptr;
  std::uint64_t generation = 0;

  /// Is this still the state of the set, and may that be believed? Two atomic loads: workers ask for every
  /// token.
  bool holds(net::Steady::time_point now) const noexcept;
};

struct KeyAnswer {
  PublicKey key;
  KeyState state;
};

/// The one place that asks for the keys of a set, however many workers verify: so a flood of made-up key ids
/// costs one attempt, not one per worker. Thread safety: `find` and `status` any; the rest
/// belongs to the reactor it was made with.
class KeyHub {
 public:
  /// Keys of a URL; `name` is how the log calls them.
  KeyHub(net::Reactor& home, std::string name, AsyncKeySource remote);
  /// Keys that never change.
  KeyHub(net::Reactor& home, std::shared_ptr<KeySource> fixed);

  /// May be awaited on any reactor. Errors: key_unknown, keys_unavailable, deadline_exceeded.
  net::Task<Result<KeyAnswer>> find(std::string kid, net::Steady::time_point deadline);

  /// Fetches the keys before the first token needs them, and again ahead of time, for as long as the reactor
  /// runs.
  net::Task<> keep_fresh();
  /// Nobody will ask any more: `keep_fresh` ends.
  void retire() noexcept { retired_ = true; }

  JwksStatus status() const;

 private:
  friend struct KeyState;
  net::Task<Result<KeyAnswer>> find_at_home(std::string kid, net::Steady::time_point deadline);
  void publish();

  net::Reactor& home_;
  const std::string name_;
  std::unique_ptr<AsyncKeySource> remote_;
  std::shared_ptr<KeySource> fixed_;
  std::atomic<std::uint64_t> generation_{0};
  std::atomic<net::Steady::time_point> believed_until_{net::Steady::time_point::min()};
  bool retired_ = false;
  mutable std::mutex mutex_;
  JwksStatus status_;
};

}  // namespace tongs::gateway
