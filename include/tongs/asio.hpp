#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <tongs/clock.hpp>
#include <tongs/fit.hpp>
#include <tongs/http.hpp>
#include <tongs/jwks.hpp>
#include <tongs/result.hpp>
#include <tongs/token.hpp>
#include <tongs/token_manager.hpp>

/// The coroutine shells over the cells that TokenManager and RemoteKeySource are shells of: for programs that
/// run on Boost.Asio. The one public header that names a foreign type.
///
/// A caller leaves at his deadline, which is on the steady clock, or when his coroutine is cancelled by a
/// cancellation slot (error `cancelled`). He leaves alone: the fetch and all others who wait for it go on.
///
/// Lifetime: calls that were made keep alive what they need, whether or not they have begun; the
/// `io_context` may end before all of it. Thread safety of everything here: none; an object belongs to the
/// `io_context` it was made with, and is called and resumed on the one thread that runs it.
namespace tongs {

/// A coroutine on the concrete executor of an io_context: type-erased ones cost a third of a proxied request.
template <class T>
using Task = boost::asio::awaitable<T, boost::asio::io_context::executor_type>;

/// As Transport, without blocking.
class AsyncTransport {
 public:
  virtual ~AsyncTransport() = default;
  /// Errors: deadline_exceeded, transport_failed, malformed_response, invalid_argument.
  virtual Task<Result<HttpResponse>> send(HttpRequest request, MonoTime deadline) = 0;
};

/// As UserTokenSource, without blocking.
class AsyncUserTokenSource {
 public:
  virtual ~AsyncUserTokenSource() = default;
  /// One attempt, no retry; may end without having waited. Errors: see `TokenManager::get_token`.
  virtual Task<Result<FetchedToken>> fetch(AccountId account, MonoTime deadline) = 0;
};

/// As TokenManager: offline user tokens of one installation, single flight, refresh ahead (nobody waits for
/// that), stale while error, bounded.
class AsyncTokenManager {
 public:
  AsyncTokenManager(boost::asio::io_context& context, std::shared_ptr<AsyncUserTokenSource> source,
                    TokenPolicy policy = {}, std::shared_ptr<const Clock> clock = Clock::system());
  AsyncTokenManager(AsyncTokenManager&&) noexcept;
  AsyncTokenManager& operator=(AsyncTokenManager&&) noexcept;
  ~AsyncTokenManager();

  /// Errors: as `TokenManager::get_token`, and internal (the source threw).
  Task<Result<AccessToken>> get_token(AccountId account, MonoTime deadline);
  /// Is there a token that `get_token` gives out without waiting? A source that is asked nevertheless is
  /// asked ahead of time, and nobody waits for it.
  bool has_token(const AccountId& account) const;
  void invalidate(const AccountId& account);
  bool invalidate(const AccessToken& rejected);
  void invalidate_all();
  TokenManagerStats stats() const;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

/// As RemoteKeySource.
class AsyncKeySource {
 public:
  /// No I/O happens here. Errors: invalid_argument.
  static Result<AsyncKeySource> create(boost::asio::io_context& context, std::string url,
                                       std::shared_ptr<AsyncTransport> transport, JwksPolicy policy = {},
                                       std::shared_ptr<const Clock> clock = Clock::system());
  AsyncKeySource(AsyncKeySource&&) noexcept;
  AsyncKeySource& operator=(AsyncKeySource&&) noexcept;
  ~AsyncKeySource();

  /// Errors: key_unknown, keys_unavailable, deadline_exceeded, cancelled.
  Task<Result<std::shared_ptr<const jose::RsaPublicKey>>> find(std::string kid, MonoTime deadline);
  /// Fetches now if there is no fresh set. Errors: keys_unavailable, deadline_exceeded, cancelled.
  Task<Result<void>> prefetch(MonoTime deadline);
  JwksStatus status() const;

 private:
  struct Impl;
  explicit AsyncKeySource(std::shared_ptr<Impl> impl) noexcept;
  std::shared_ptr<Impl> impl_;
};

}  // namespace tongs
