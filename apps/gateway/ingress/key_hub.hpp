#pragma once
#include <memory>
#include <mutex>
#include <string>

#include <tongs/asio.hpp>
#include <tongs/jwks.hpp>

#include "common/net/reactor.hpp"

namespace tongs::gateway {

/// A key, and the state of the set that it was found in: a cache of verdicts drops what an earlier state gave
/// it.
struct KeyAnswer {
  std::shared_ptr<const jose::RsaPublicKey> key;
  std::uint64_t generation = 0;
};

/// The one place that asks for Forge's keys, however many workers verify: so a flood of made-up key ids costs
/// one attempt, not one per worker. Thread safety: `find` and `status` any; the rest belongs to the reactor
/// it was made with.
class KeyHub {
 public:
  /// Keys of a URL.
  KeyHub(net::Reactor& home, AsyncKeySource remote);
  /// Keys that never change.
  KeyHub(net::Reactor& home, std::shared_ptr<KeySource> fixed);

  /// May be awaited on any reactor. Errors: key_unknown, keys_unavailable, deadline_exceeded.
  net::Task<Result<KeyAnswer>> find(std::string kid, net::Steady::time_point deadline);

  /// Fetches the keys before the first token needs them, and again ahead of time, for as long as the reactor
  /// runs.
  net::Task<> keep_fresh();

  JwksStatus status() const;

 private:
  net::Task<Result<KeyAnswer>> find_at_home(std::string kid, net::Steady::time_point deadline);
  void publish();

  net::Reactor& home_;
  std::unique_ptr<AsyncKeySource> remote_;
  std::shared_ptr<KeySource> fixed_;
  mutable std::mutex mutex_;
  JwksStatus status_;
};

}  // namespace tongs::gateway
