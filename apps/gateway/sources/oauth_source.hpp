#pragma once
#include <memory>
#include <string>
#include <string_view>

#include <tongs/clock.hpp>

#include "gateway/sources/source.hpp"
#include "gateway/sources/source_metrics.hpp"

namespace tongs::gateway {

struct OAuthClient {
  std::string token_url;
  std::string id;
  Secret secret;
  std::string scope;  ///< empty: none is asked for
};

/// Client credentials at a token endpoint of the platform (RFC 6749 4.4). The installation is named as the
/// `audience` (in the sense of RFC 8693 2.1), so that each has tokens of its own; the client proves itself
/// with HTTP Basic. What it brings need not be durable: it can be asked for again.
class OAuthSource final : public ActiveSource {
 public:
  /// `metrics` must outlive it.
  OAuthSource(OAuthClient client, std::shared_ptr<vault::Vault> vault,
              std::shared_ptr<AsyncTransport> transport, SourceMetrics& metrics,
              std::shared_ptr<const Clock> clock = Clock::system());

  std::string_view name() const noexcept override { return "oauth"; }
  Task<Result<void>> ask(std::shared_ptr<Ask> ask) override;

 private:
  HttpRequest question(const InstallationId& installation) const;

  const OAuthClient client_;
  std::shared_ptr<vault::Vault> vault_;
  std::shared_ptr<AsyncTransport> transport_;
  SourceMetrics& metrics_;
  std::shared_ptr<const Clock> clock_;
};

}  // namespace tongs::gateway
