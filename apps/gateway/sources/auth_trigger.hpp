#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <tongs/clock.hpp>

#include "common/net/reactor.hpp"
#include "gateway/sources/arrivals.hpp"
#include "gateway/sources/source.hpp"

namespace tongs::gateway {

/// RFC-34 (contract 5.2): calls the installation's `authTriggerUrl`, upon which the platform posts a token to
/// our auth endpoint. The answer to the call brings nothing but its status: whoever steals the URL can make
/// Forge send us a token, and no more. It follows no redirect.
class AuthTrigger final : public ActiveSource {
 public:
  /// `hosts`: see `check_trigger_url`. `transport` and `arrivals` live in `reactor`.
  AuthTrigger(net::Reactor& reactor, std::shared_ptr<vault::Vault> vault,
              std::shared_ptr<AsyncTransport> transport, Arrivals& arrivals, std::vector<std::string> hosts,
              std::shared_ptr<const Clock> clock = Clock::system());

  std::string_view name() const noexcept override { return "auth-trigger"; }
  Task<Result<void>> ask(std::shared_ptr<Ask> ask) override;

 private:
  struct Call;
  Result<std::string> url_of(const InstallationId& installation) const;
  net::Task<> carry(std::shared_ptr<Call> call, std::string url, MonoTime deadline);
  Result<void> verdict(const Result<HttpResponse>& answer) const;

  net::Reactor& reactor_;
  std::shared_ptr<vault::Vault> vault_;
  std::shared_ptr<AsyncTransport> transport_;
  Arrivals& arrivals_;
  const std::vector<std::string> hosts_;
  std::shared_ptr<const Clock> clock_;
};

}  // namespace tongs::gateway
