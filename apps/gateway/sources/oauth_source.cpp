#include "gateway/sources/oauth_source.hpp"

#include <algorithm>
#include <utility>

#include "auth/fetched_token.hpp"
#include "auth/token_answer_codec.hpp"
#include "auth/token_text.hpp"
#include "common/net/basic.hpp"
#include "http/url.hpp"

namespace tongs::gateway {

OAuthSource::OAuthSource(OAuthClient client, std::shared_ptr<vault::Vault> vault,
                         std::shared_ptr<AsyncTransport> transport, SourceMetrics& metrics,
                         std::shared_ptr<const Clock> clock)
    : client_(std::move(client)),
      vault_(std::move(vault)),
      transport_(std::move(transport)),
      metrics_(metrics),
      clock_(std::move(clock)) {}

/// The credentials are form-encoded before they are put into the header (RFC 6749 2.3.1).
HttpRequest OAuthSource::question(const InstallationId& installation) const {
  std::string password = detail::percent_encode(client_.secret.reveal());
  const Secret credentials = net::basic_credentials(detail::percent_encode(client_.id), password);
  wipe(password);
  std::string body = "grant_type=client_credentials&audience=" + detail::percent_encode(installation.str());
  if (!client_.scope.empty()) body += "&scope=" + detail::percent_encode(client_.scope);
  return {.method = "POST",
          .url = client_.token_url,
          .headers = {{"authorization", std::string(credentials.reveal()), true},
                      {"content-type", "application/x-www-form-urlencoded"},
                      {"accept", "application/json"}},
          .body = std::move(body)};
}

Task<Result<void>> OAuthSource::ask(std::shared_ptr<Ask> ask) {
  const WallTime asked = clock_->wall_now();
  ask->sent = true;
  ask->hop = Hop::call;
  auto response = co_await transport_->send(question(ask->installation), ask->deadline);
  if (!response) {
    co_return Error(response.error().code(), "the token endpoint was called").with_cause(response.error());
  }
  ask->hop = Hop::answer;
  auto fetched = detail::decode_oauth_answer(*std::move(response), clock_->wall_now());
  if (!fetched) co_return std::move(fetched).error();
  ask->hop = Hop::token;
  const auto end = detail::checked_end(*fetched, asked);
  if (!end) co_return end.error();
  ask->hop = Hop::vault;
  const WallTime now = clock_->wall_now();
  const auto taken = vault_->offer_system_token(ask->installation, std::move(fetched->token), *end, now);
  if (!taken) co_return taken.error();
  if (*taken) metrics_.came(Origin::oauth, *end - now);
  co_return Result<void>{};
}

}  // namespace tongs::gateway
