#pragma once
#include <chrono>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <tongs/clock.hpp>

#include "asio/landing.hpp"
#include "common/log_sample.hpp"
#include "common/net/reactor.hpp"
#include "gateway/sources/source.hpp"
#include "gateway/sources/source_cell.hpp"
#include "gateway/sources/source_metrics.hpp"

namespace tongs::gateway {

struct ChainOptions {
  std::chrono::milliseconds time{8000};  ///< of a flight, all sources together
  SourcePolicy policy = {};
};

/// Asks the active sources for system tokens: once for each installation however many wait, each source for
/// its share of one deadline, and none that keeps failing (docs/adr/0007).
/// Thread safety: none; lives in the broker's reactor, and its flights with it.
class SourceChain {
 public:
  using Held = SourceCell::Held;

  SourceChain(net::Reactor& reactor, std::vector<std::unique_ptr<ActiveSource>> sources,
              SourceMetrics& metrics, ChainOptions options,
              std::shared_ptr<const Clock> clock = Clock::system());

  bool empty() const noexcept { return sources_.empty(); }

  /// Nobody waits: the token that is held lives, but ends soon.
  void refresh(const InstallationId& installation);
  /// Ends when a token came, or it is better to do without. Errors: those of the sources, by name;
  /// deadline_exceeded, which says what was waited for.
  net::Task<Result<void>> fetch(InstallationId installation, Held held, MonoTime deadline);

 private:
  using Landing = detail::AsioLanding<Result<void>>;
  struct Flight {
    explicit Flight(net::Reactor& reactor) : landing(reactor.context) {}
    Landing landing;
    std::string_view source = {};
    std::shared_ptr<Ask> ask = nullptr;  ///< the last one
  };
  struct Entry {
    SourceCell cell;
    std::shared_ptr<Flight> flight = nullptr;
  };
  Entry& entry(const InstallationId& installation);
  std::shared_ptr<Flight> take_off(const InstallationId& installation, Entry& entry);
  net::Task<> fly(InstallationId installation, std::shared_ptr<Flight> flight);
  net::Task<Result<void>> ask(std::size_t source, InstallationId installation, std::shared_ptr<Flight> flight,
                              MonoTime deadline);
  void land(const InstallationId& installation, Flight& flight, Result<void> outcome);

  net::Reactor& reactor_;
  const std::vector<std::unique_ptr<ActiveSource>> sources_;
  const std::vector<std::string_view> names_;
  std::vector<FailureBudget> budgets_;
  SourceMetrics& metrics_;
  const ChainOptions options_;
  std::shared_ptr<const Clock> clock_;
  std::unordered_map<InstallationId, Entry> entries_;
  log::Sample failures_;
};

}  // namespace tongs::gateway
