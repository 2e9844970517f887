#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <variant>

#include <tongs/jwks.hpp>

#include "auth/jwks_cell.hpp"
#include "auth/jwks_http.hpp"
#include "http/url.hpp"

namespace tongs {

namespace {

using detail::JwksCell;

/// What callers and attempts share. An attempt keeps it alive, so the source itself may go at any time.
struct Shared {
  const HttpRequest request;
  const std::shared_ptr<const Transport> transport;
  const JwksPolicy policy;
  const std::shared_ptr<const Clock> clock;

  std::mutex mutex;  // never held while the transport or the executor is at work
  std::condition_variable_any ended;
  JwksCell cell;

  Shared(std::string url, std::shared_ptr<const Transport> sender, const JwksPolicy& rules,
         std::shared_ptr<const Clock> time)
      : request(detail::jwks_request(std::move(url))),
        transport(std::move(sender)),
        policy(rules),
        clock(std::move(time)),
        cell(rules) {}

  template <class Report>
  void end(Report report) {
    {
      const std::lock_guard hold(mutex);
      report(cell);
    }
    ended.notify_all();
  }
};

/// Leads one attempt. If it goes without having ended the attempt, another caller may lead.
class Lead {
 public:
  Lead(std::shared_ptr<Shared> shared, JwksCell::Flight flight) noexcept
      : shared_(std::move(shared)), flight_(flight) {}
  Lead(const Lead&) = delete;
  Lead& operator=(const Lead&) = delete;
  ~Lead() {
    if (!ended_) shared_->end([this](JwksCell& cell) { cell.abandoned(flight_); });
  }

  /// Errors: cancelled, deadline_exceeded, if `call` ended before the attempt did. How the attempt itself
  /// ended is for the cell to know.
  Result<void> run(const CallOptions& call) {
    const MonoTime own_end = CallOptions::within(shared_->policy.fetch_timeout).deadline;
    auto response = shared_->transport->send(
        shared_->request, {.deadline = std::min(call.deadline, own_end), .stop = call.stop});
    if (!response && is_wish_of(call, own_end, response.error())) return std::move(response).error();
    auto answer = std::move(response).and_then([this](const HttpResponse& got) {
      return detail::read_jwks_answer(got, shared_->policy, shared_->clock->wall_now());
    });
    ended_ = true;
    shared_->end([&](JwksCell& cell) {
      if (answer) {
        cell.fetched(flight_, std::move(answer->keys), answer->max_age);
      } else {
        cell.failed(flight_, std::move(answer).error());
      }
    });
    return {};
  }

 private:
  static bool is_wish_of(const CallOptions& call, MonoTime own_end, const Error& error) {
    return (error.code() == Errc::cancelled && call.stop.stop_requested()) ||
           (error.code() == Errc::deadline_exceeded && call.deadline < own_end);
  }

  const std::shared_ptr<Shared> shared_;
  const JwksCell::Flight flight_;
  bool ended_ = false;
};

class BlockingKeySource final : public RemoteKeySource {
 public:
  BlockingKeySource(std::shared_ptr<Shared> shared, std::shared_ptr<Executor> background) noexcept
      : shared_(std::move(shared)), background_(std::move(background)) {}

  Result<JwksCell::Key> find(std::string_view kid, const CallOptions& call) override {
    std::unique_lock lock(shared_->mutex);
    const JwksCell::Flight asked_after = shared_->cell.latest();
    for (;;) {
      auto step = shared_->cell.find(kid, asked_after, shared_->clock->now());
      if (auto* found = std::get_if<JwksCell::Found>(&step)) return std::move(found->key);
      if (auto* fail = std::get_if<JwksCell::Fail>(&step)) return std::move(fail->error);
      if (auto* both = std::get_if<JwksCell::FoundAndFetch>(&step)) {
        lock.unlock();
        refresh(both->flight, call);
        return std::move(both->key);
      }
      if (auto ended = take_part(step, lock, call); !ended) return std::move(ended).error();
    }
  }

  Result<void> prefetch(const CallOptions& call) override {
    std::unique_lock lock(shared_->mutex);
    for (;;) {
      auto step = shared_->cell.prefetch(shared_->clock->now());
      if (std::holds_alternative<JwksCell::Fresh>(step)) return {};
      if (auto* fail = std::get_if<JwksCell::Fail>(&step)) return std::move(fail->error);
      if (auto ended = take_part(step, lock, call); !ended) return std::move(ended).error();
    }
  }

  JwksStatus status() const override {
    const std::lock_guard hold(shared_->mutex);
    return shared_->cell.status(shared_->clock->now());
  }

 private:
  /// An attempt that nobody waits for, unless there is no executor: then its finder pays.
  void refresh(JwksCell::Flight flight, const CallOptions& call) const {
    const auto lead = std::make_shared<Lead>(shared_, flight);
    if (background_) {
      background_->post([lead] { (void)lead->run({}); });  // nobody is there to be told
    } else {
      (void)lead->run(call);  // the key is there, whether or not its finder could wait for the next set
    }
  }

  /// Leads or waits, as the step says. Errors: cancelled, deadline_exceeded.
  template <class Step>
  Result<void> take_part(const Step& step, std::unique_lock<std::mutex>& lock,
                         const CallOptions& call) const {
    if (const auto* join = std::get_if<JwksCell::Join>(&step)) return wait(join->flight, lock, call);
    lock.unlock();
    auto led = Lead(shared_, std::get<JwksCell::Fetch>(step).flight).run(call);
    lock.lock();
    return led;
  }

  Result<void> wait(JwksCell::Flight flight, std::unique_lock<std::mutex>& lock,
                    const CallOptions& call) const {
    const MonoTime lost = CallOptions::within(2 * shared_->policy.fetch_timeout).deadline;
    const bool over = shared_->ended.wait_until(lock, call.stop, std::min(call.deadline, lost),
                                                [&] { return !shared_->cell.current(flight); });
    if (over) return {};
    if (call.stop.stop_requested())
      return Error(Errc::cancelled, "the caller no longer waits for the key set");
    if (call.deadline < lost) return Error(Errc::deadline_exceeded, "the key set did not come in time");
    return {};  // nobody will end this attempt any more: the cell knows what to do
  }

  const std::shared_ptr<Shared> shared_;
  const std::shared_ptr<Executor> background_;
};

}  // namespace

Result<std::shared_ptr<RemoteKeySource>> RemoteKeySource::create(std::string url,
                                                                 std::shared_ptr<const Transport> transport,
                                                                 JwksPolicy policy,
                                                                 std::shared_ptr<const Clock> clock,
                                                                 std::shared_ptr<Executor> background) {
  if (!transport || !clock) {
    return Error(Errc::invalid_argument, "a remote key source needs a transport and a clock");
  }
  if (!detail::is_https_or_loopback(url)) {
    return Error(Errc::invalid_argument, "the URL of a key set is https, or http on this machine");
  }
  if (const auto sane = JwksCell::check_policy(policy); !sane) return sane.error();
  auto shared = std::make_shared<Shared>(std::move(url), std::move(transport), policy, std::move(clock));
  return std::shared_ptr<RemoteKeySource>(
      std::make_shared<BlockingKeySource>(std::move(shared), std::move(background)));
}

}  // namespace tongs
