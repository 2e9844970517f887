#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <tongs/asio.hpp>

#include "asio/landing.hpp"
#include "auth/jwks_cell.hpp"
#include "auth/jwks_http.hpp"
#include "http/url.hpp"

namespace tongs {

namespace {

using detail::JwksCell;
using Key = JwksCell::Key;

/// The end of an attempt; what came of it, the cell knows.
struct Ended {};
using Landing = detail::AsioLanding<Ended>;

}  // namespace

struct AsyncKeySource::Impl : std::enable_shared_from_this<Impl> {
  Impl(boost::asio::io_context& io, std::string from, std::shared_ptr<AsyncTransport> carrier,
       const JwksPolicy& given, std::shared_ptr<const Clock> both_times)
      : context(io),
        url(std::move(from)),
        transport(std::move(carrier)),
        policy(given),
        clock(std::move(both_times)),
        cell(policy) {}

  static Task<Result<Key>> find(std::shared_ptr<Impl> self, std::string kid, MonoTime deadline) {
    const auto asked_after = self->cell.latest();
    for (;;) {
      const auto step = self->cell.find(kid, asked_after, self->clock->now());
      if (const auto* found = std::get_if<JwksCell::Found>(&step)) co_return found->key;
      if (const auto* found = std::get_if<JwksCell::FoundAndFetch>(&step)) {
        self->take_off(found->flight);
        co_return found->key;
      }
      if (const auto* fail = std::get_if<JwksCell::Fail>(&step)) co_return fail->error;
      if (const auto* fetch = std::get_if<JwksCell::Fetch>(&step)) self->take_off(fetch->flight);
      auto ended = co_await self->wait(deadline);
      if (!ended) co_return std::move(ended).error();
    }
  }

  static Task<Result<void>> prefetch(std::shared_ptr<Impl> self, MonoTime deadline) {
    for (;;) {
      const auto step = self->cell.prefetch(self->clock->now());
      if (std::holds_alternative<JwksCell::Fresh>(step)) co_return Result<void>{};
      if (const auto* fail = std::get_if<JwksCell::Fail>(&step)) co_return fail->error;
      if (const auto* fetch = std::get_if<JwksCell::Fetch>(&step)) self->take_off(fetch->flight);
      auto ended = co_await self->wait(deadline);
      if (!ended) co_return std::move(ended).error();
    }
  }

  /// The attempt may have ended when this returns: a transport need not wait for anything.
  void take_off(JwksCell::Flight flight) {
    if (landing) landing->land(Ended{});  // whoever still waits there waits for an attempt that was lost
    landing = std::make_shared<Landing>(context);
    boost::asio::co_spawn(context, fly(shared_from_this(), flight, landing), boost::asio::detached);
  }

  static Task<void> fly(std::shared_ptr<Impl> self, JwksCell::Flight flight,
                        std::shared_ptr<Landing> landing) {
    auto response = co_await self->ask();
    auto answer = std::move(response).and_then([&](const HttpResponse& whole) {
      return detail::read_jwks_answer(whole, self->policy, self->clock->wall_now());
    });
    if (answer) {
      self->cell.fetched(flight, std::move(answer->keys), answer->max_age);
    } else {
      self->cell.failed(flight, std::move(answer).error());
    }
    landing->land(Ended{});
  }

  /// An attempt ends, whatever the transport does.
  Task<Result<HttpResponse>> ask() const {
    try {
      co_return co_await transport->send(detail::jwks_request(url), clock->mono_now() + policy.fetch_timeout);
    } catch (const std::exception&) {
      co_return Error(Errc::internal, "the transport threw an exception");
    }
  }

  Task<Result<Ended>> wait(MonoTime deadline) const {
    const std::shared_ptr<Landing> here = landing;
    co_return co_await here->wait(deadline);
  }

  boost::asio::io_context& context;
  const std::string url;
  std::shared_ptr<AsyncTransport> transport;
  const JwksPolicy policy;
  std::shared_ptr<const Clock> clock;
  JwksCell cell;
  std::shared_ptr<Landing> landing;  ///< of the attempt under way
};

Result<AsyncKeySource> AsyncKeySource::create(boost::asio::io_context& context, std::string url,
                                              std::shared_ptr<AsyncTransport> transport, JwksPolicy policy,
                                              std::shared_ptr<const Clock> clock) {
  if (!transport || !clock)
    return Error(Errc::invalid_argument, "a key source needs a transport and a clock");
  if (!detail::is_https_or_loopback(url)) {
    return Error(Errc::invalid_argument, "the URL of a key set must be https, or http on loopback");
  }
  auto sound = JwksCell::check_policy(policy);
  if (!sound) return std::move(sound).error();
  return AsyncKeySource(
      std::make_shared<Impl>(context, std::move(url), std::move(transport), policy, std::move(clock)));
}

AsyncKeySource::AsyncKeySource(std::shared_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
AsyncKeySource::AsyncKeySource(AsyncKeySource&&) noexcept = default;
AsyncKeySource& AsyncKeySource::operator=(AsyncKeySource&&) noexcept = default;
AsyncKeySource::~AsyncKeySource() = default;

Task<Result<Key>> AsyncKeySource::find(std::string kid, MonoTime deadline) {
  return Impl::find(impl_, std::move(kid), deadline);
}

Task<Result<void>> AsyncKeySource::prefetch(MonoTime deadline) { return Impl::prefetch(impl_, deadline); }

JwksStatus AsyncKeySource::status() const { return impl_->cell.status(impl_->clock->now()); }

}  // namespace tongs
