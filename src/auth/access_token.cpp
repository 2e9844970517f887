#include <utility>

#include <tongs/token.hpp>

namespace tongs {

struct AccessToken::Content {
  WallTime expires_at;
  Secret token;
  AccountId account;
};

AccessToken::AccessToken(AccountId account, Secret token, WallTime expires_at)
    : content_(std::make_shared<const Content>(Content{expires_at, std::move(token), std::move(account)})) {}

const AccountId& AccessToken::account() const noexcept { return content_->account; }
WallTime AccessToken::expires_at() const noexcept { return content_->expires_at; }
std::string_view AccessToken::reveal() const noexcept { return content_->token.reveal(); }

}  // namespace tongs
