#include <utility>

#include <tongs/token.hpp>

#include "auth/graphql_request.hpp"
#include "auth/system_token_call.hpp"
#include "auth/token_answer_codec.hpp"
#include "auth/token_question.hpp"
#include "http/url.hpp"

namespace tongs {

namespace {

class DirectTokenSource final : public UserTokenSource {
 public:
  explicit DirectTokenSource(DirectTokenSourceOptions options) : options_(std::move(options)) {}

  const InstallationId& installation() const noexcept override {
    return options_.credentials->installation();
  }

  Result<FetchedToken> fetch(const AccountId& account, const CallOptions& call) override {
    return detail::send_with_system_token(*options_.credentials,
                                          [&](const SystemToken& token) {
                                            return detail::send_and_wipe(*options_.transport,
                                                                         request(account, token), call);
                                          })
        .and_then([&](HttpResponse response) {
          return detail::decode_direct_answer(std::move(response), options_.clock->wall_now());
        });
  }

 private:
  HttpRequest request(const AccountId& account, const SystemToken& token) const {
    return detail::direct_question(options_.graphql_url, token.reveal(), options_.context, account);
  }

  DirectTokenSourceOptions options_;
};

}  // namespace

Result<std::shared_ptr<UserTokenSource>> direct_token_source(DirectTokenSourceOptions options) {
  if (!options.credentials) {
    return Error(Errc::invalid_argument, "a direct token source needs the installation's credentials");
  }
  if (!options.transport || !options.clock) {
    return Error(Errc::invalid_argument, "a direct token source needs a transport and a clock");
  }
  if (!detail::is_https_or_loopback(options.graphql_url)) {
    return Error(Errc::invalid_argument, "the GraphQL URL must be https, or http on loopback");
  }
  return std::shared_ptr<UserTokenSource>(std::make_shared<DirectTokenSource>(std::move(options)));
}

}  // namespace tongs
