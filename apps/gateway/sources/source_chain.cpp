#include "gateway/sources/source_chain.hpp"

#include <random>
#include <string>
#include <utility>

#include "common/log.hpp"
#include "common/net/timer.hpp"
#include "http/backoff.hpp"

namespace tongs::gateway {

namespace {

std::vector<std::string_view> names_of(const std::vector<std::unique_ptr<ActiveSource>>& sources) {
  std::vector<std::string_view> names;
  for (const auto& source : sources) names.push_back(source->name());
  return names;
}

/// What a source is waiting for at a hop.
std::string_view waits_for(Hop hop) noexcept {
  switch (hop) {
    case Hop::push:
      return "for the platform to push a token to the auth endpoint";
    case Hop::vault:
      return "for the vault to keep the token";
    default:
      return "for the platform's answer";
  }
}

/// Cells that are blank are let go when there are so many.
constexpr std::size_t kManyCells = 10'000;

}  // namespace

SourceChain::SourceChain(net::Reactor& reactor, std::vector<std::unique_ptr<ActiveSource>> sources,
                         SourceMetrics& metrics, ChainOptions options, std::shared_ptr<const Clock> clock)
    : reactor_(reactor),
      sources_(std::move(sources)),
      names_(names_of(sources_)),
      budgets_(sources_.size()),
      metrics_(metrics),
      options_(options),
      clock_(std::move(clock)) {}

SourceChain::Entry& SourceChain::entry(const InstallationId& installation) {
  const auto known = entries_.find(installation);
  if (known != entries_.end()) return known->second;
  if (entries_.size() >= kManyCells) {
    const MonoTime now = clock_->mono_now();
    std::erase_if(entries_, [&](const auto& one) { return one.second.cell.is_blank(now); });
  }
  return entries_.emplace(installation, Entry{SourceCell(names_, options_.policy)}).first->second;
}

void SourceChain::refresh(const InstallationId& installation) {
  if (empty()) return;
  Entry& known = entry(installation);
  if (known.cell.get(Held::ends_soon, clock_->mono_now()) == SourceCell::Step::serve_and_fly) {
    (void)take_off(installation, known);
  }
}

net::Task<Result<void>> SourceChain::fetch(InstallationId installation, Held held, MonoTime deadline) {
  Entry& known = entry(installation);
  const auto step = known.cell.get(held, clock_->mono_now());
  if (step == SourceCell::Step::serve) co_return Result<void>{};
  if (step == SourceCell::Step::fail) co_return known.cell.why(clock_->mono_now());
  const bool takes_off = step != SourceCell::Step::join;
  const std::shared_ptr<Flight> flight = takes_off ? take_off(installation, known) : known.flight;
  auto landed = co_await flight->landing.wait(deadline);
  if (landed) co_return *std::move(landed);
  Error left = std::move(landed).error();
  if (left.code() != Errc::deadline_exceeded || !flight->ask) co_return left;
  std::string waited = "no system token in time; ";
  waited.append(flight->source).append(" still waits ").append(waits_for(flight->ask->hop));
  co_return Error(Errc::deadline_exceeded, std::move(waited));
}

std::shared_ptr<SourceChain::Flight> SourceChain::take_off(const InstallationId& installation, Entry& known) {
  auto flight = std::make_shared<Flight>(reactor_);
  known.flight = flight;
  net::asio::co_spawn(reactor_.context, fly(installation, flight), net::asio::detached);
  return flight;
}

net::Task<> SourceChain::fly(InstallationId installation, std::shared_ptr<Flight> flight) {
  const MonoTime end = clock_->mono_now() + options_.time;
  for (;;) {
    Entry& known = entry(installation);  // an entry with a flight is never let go
    const MonoTime now = clock_->mono_now();
    const auto source = known.cell.next(now);
    if (!source) {
      land(installation, *flight, known.cell.why(now));
      co_return;
    }
    if (!budgets_[*source].allows(now)) {
      known.cell.failed(*source,
                        Error(Errc::unavailable, "it failed for many installations lately and is left alone")
                            .with_retry_after(std::chrono::seconds(1)),
                        false, now, 0);
      continue;
    }
    const auto left = static_cast<std::ptrdiff_t>(sources_.size() - *source);
    auto brought = co_await ask(*source, installation, flight, now + (end - now) / left);
    Entry& still = entry(installation);
    if (brought) {
      still.cell.brought(*source, clock_->mono_now());
      land(installation, *flight, {});
      co_return;
    }
    const bool sent = flight->ask->sent;
    still.cell.failed(*source, std::move(brought).error(), sent, clock_->mono_now(), std::random_device{}());
  }
}

/// Tries once more what failed for the moment, if the share of time allows it.
net::Task<Result<void>> SourceChain::ask(std::size_t source, InstallationId installation,
                                         std::shared_ptr<Flight> flight, MonoTime deadline) {
  SourceMetrics::Active& counted = metrics_.of(names_[source]);
  bool sent = false;
  for (int attempt = 1;; ++attempt) {
    flight->source = names_[source];
    flight->ask = std::make_shared<Ask>(installation, deadline);
    auto brought = co_await sources_[source]->ask(flight->ask);
    sent = sent || flight->ask->sent;
    if (flight->ask->sent) counted.asked->add();
    if (brought) {
      counted.given->add();
      co_return brought;
    }
    const MonoTime now = clock_->mono_now();
    counted.failed[static_cast<std::size_t>(flight->ask->hop)]->add();
    if (flight->ask->sent) budgets_[source].spend(now);
    const detail::FailedAttempt failed{
        .number = attempt, .repeatable = true, .now = now, .deadline = deadline};
    const auto pause = flight->ask->hop == Hop::push
                           ? std::nullopt
                           : detail::pause_before_retry(options_.policy.pause, failed, brought.error(),
                                                        std::random_device{}());
    flight->ask->sent = sent;
    if (!pause) co_return brought;
    net::Timer timer(reactor_.context);
    timer.expires_after(*pause);
    (void)co_await timer.async_wait(net::use_tuple);
  }
}

void SourceChain::land(const InstallationId& installation, Flight& flight, Result<void> outcome) {
  if (!outcome) {
    if (const auto held_back = failures_.take(clock_->mono_now())) {
      log::warn("no source gave a system token", {{"installation", installation.bare()},
                                                  {"reason", outcome.error().describe()},
                                                  {"more_since_last_line", std::to_string(*held_back)}});
    }
  }
  Entry& known = entry(installation);
  known.flight = nullptr;
  flight.landing.land(std::move(outcome));
}

}  // namespace tongs::gateway
