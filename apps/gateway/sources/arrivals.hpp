#pragma once
#include <memory>
#include <optional>
#include <unordered_map>

#include <tongs/ids.hpp>
#include <tongs/result.hpp>

#include "common/net/reactor.hpp"
#include "common/net/timer.hpp"

namespace tongs::gateway {

/// Tells those who wait for a token of an installation that one came, or that what came was refused.
/// Everything but `watch` may be called from any thread, before the reactor has ended.
class Arrivals {
 public:
  class Watch;

 private:
  using Watches = std::unordered_multimap<InstallationId, Watch*>;

 public:
  /// What came for one installation since the watch began. Lives in the reactor, if need be longer
  /// than the Arrivals.
  class Watch {
   public:
    Watch(Arrivals& arrivals, InstallationId installation);
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;
    ~Watch();

    /// Until something comes, somebody calls `wake`, or it is time.
    net::Task<> wait(MonoTime until);
    void wake() { timer_.cancel(); }

    bool token_came() const noexcept { return came_; }
    /// The last refusal, if no token came.
    const std::optional<Error>& refusal() const noexcept { return refusal_; }

   private:
    friend class Arrivals;
    const std::shared_ptr<Watches> watches_;
    const InstallationId installation_;
    net::Timer timer_;
    bool came_ = false;
    std::optional<Error> refusal_;
  };

  explicit Arrivals(net::Reactor& reactor) : reactor_(reactor) {}
  Arrivals(const Arrivals&) = delete;
  Arrivals& operator=(const Arrivals&) = delete;

  /// A token of this installation can be read now.
  void token_came(const InstallationId& installation);
  /// Something that claimed to be one was refused.
  void refused(const InstallationId& installation, Error why);

 private:
  template <class Change>
  void tell(const InstallationId& installation, Change change);

  net::Reactor& reactor_;
  const std::shared_ptr<Watches> watches_ = std::make_shared<Watches>();
};

}  // namespace tongs::gateway
