#include <string>
#include <utility>

#include <tongs/json.hpp>
#include <tongs/token.hpp>

#include "auth/graphql_request.hpp"
#include "auth/system_token_call.hpp"
#include "auth/token_answer_codec.hpp"
#include "http/url.hpp"

namespace tongs {

namespace {

/// Contract 6.2.2, with the account as a variable.
constexpr std::string_view kDocument =
    "query tongs_offlineUserAuthToken($userId: String!) {\n"
    "  offlineUserAuthToken(userID: $userId) { accessToken expiry }\n"
    "}";

class ProxyTokenSource final : public UserTokenSource {
 public:
  ProxyTokenSource(ProxyTokenSourceOptions options, std::string url)
      : options_(std::move(options)), url_(std::move(url)) {}

  const InstallationId& installation() const noexcept override { return options_.installation; }

  Result<FetchedToken> fetch(const AccountId& account, const CallOptions& call) override {
    return send(account, call).and_then([&](HttpResponse response) {
      return detail::decode_proxy_answer(std::move(response), options_.clock->wall_now());
    });
  }

 private:
  Result<HttpResponse> send(const AccountId& account, const CallOptions& call) const {
    const auto send_as_app = [&](std::string_view token) {
      return detail::send_and_wipe(*options_.transport, request(account, token), call);
    };
    if (!options_.credentials) return send_as_app({});
    return detail::send_with_system_token(
        *options_.credentials, [&](const SystemToken& token) { return send_as_app(token.reveal()); });
  }

  HttpRequest request(const AccountId& account, std::string_view token) const {
    const std::string variables = R"({"userId":)" + json_quote(account.str()) + "}";
    return detail::graphql_request(url_, kDocument, variables, as_app(token));
  }

  /// An id has no comma and `offer` lets no token with one in, so no field can end early.
  Header as_app(std::string_view token) const {
    constexpr std::string_view identity = "Forge as=app,installationId=";
    constexpr std::string_view credential = ",token=";
    const std::string_view id = options_.installation.bare();
    Header header{.name = "forge-proxy-authorization", .value = {}, .sensitive = true};
    header.value.reserve(identity.size() + id.size() + credential.size() + token.size());  // one copy, wiped
    header.value.append(identity).append(id);
    if (!token.empty()) header.value.append(credential).append(token);
    return header;
  }

  ProxyTokenSourceOptions options_;
  std::string url_;
};

}  // namespace

Result<std::shared_ptr<UserTokenSource>> proxy_token_source(ProxyTokenSourceOptions options) {
  if (!options.transport || !options.clock) {
    return Error(Errc::invalid_argument, "a proxy token source needs a transport and a clock");
  }
  if (options.credentials && options.credentials->installation() != options.installation) {
    return Error(Errc::invalid_argument,
                 "the credentials of a proxy token source must be those of its installation");
  }
  auto url = detail::parse_base_url(options.proxy_url).and_then([](const detail::Url& base) {
    return detail::join(base, "/graphql");
  });
  if (!url) {
    return Error(Errc::invalid_argument, "the proxy URL must be https, or http on loopback, without a query")
        .with_cause(std::move(url).error());
  }
  return std::shared_ptr<UserTokenSource>(
      std::make_shared<ProxyTokenSource>(std::move(options), *std::move(url)));
}

}  // namespace tongs
