#include "gateway/egress/caller.hpp"

#include <utility>

#include "http/ascii.hpp"

namespace tongs::gateway {

namespace {

constexpr std::string_view kAuthorization = "forge-proxy-authorization";

Error unknown_invocation() {
  return {
      Errc::not_found,
      "no such invocation: it is over, or did not come through this gateway; name the installation in its "
      "place: installationId=<uuid>"};
}

/// The token of `Authorization: Bearer …`, if that is what there is.
std::optional<std::string_view> bearer_of(const net::RequestHead& request) {
  constexpr std::string_view scheme = "bearer ";
  const auto value = request.fields.find("authorization");
  if (!value || request.fields.count("authorization") > 1) return std::nullopt;
  if (detail::to_lower(value->substr(0, scheme.size())) != scheme) return std::nullopt;
  return detail::trim(value->substr(scheme.size()));
}

/// He is the one whose invocation it was, and his token lives.
Result<Caller> invoking_user(Caller caller, const Invocations::Known& known) {
  if (!known.account) {
    return Error(Errc::invalid_argument, "no user took part in this invocation: write as=app");
  }
  caller.as = Caller::As::invoking_user;
  caller.account = known.account;
  return caller;
}

/// The token in place of `forge-proxy-authorization`, if the request has one.
std::optional<std::string_view> own_token_of(const net::RequestHead& request) {
  return request.fields.find(kAuthorization) ? std::nullopt : bearer_of(request);
}

std::optional<SpokenOf> spoken_of(std::string_view token, const CallerContext& context) {
  if (!context.issued) return std::nullopt;
  if (const auto holder = context.issued->holder_of(token, context.now)) {
    const AccountId* account = holder->issued.account();
    return SpokenOf{holder->installation, account ? std::optional(*account) : std::nullopt};
  }
  auto former = context.issued->former_holder_of(token, context.now);
  if (!former) return std::nullopt;
  return SpokenOf{std::move(former->installation), std::move(former->account)};
}

using Known = std::optional<Invocations::Known>;

/// The invocation that is named, if one is.
Result<Known> invocation_of(const ProxyAuthorization& asked, const CallerContext& context) {
  if (asked.invocation_id.empty()) return Known();
  auto known = context.invocations.find(asked.invocation_id, context.now);
  if (!known) return unknown_invocation();
  if (asked.installation && *asked.installation != known->installation) {
    return Error(Errc::invalid_argument, "this invocation belongs to another installation");
  }
  return known;
}

/// In whose name: that of the user who is named, or else of the one who invoked. None: the app's own.
std::optional<AccountId> user_meant(const ProxyAuthorization& asked, const Known& known) {
  const bool invoking = asked.as_user && !asked.account && known;
  return invoking ? known->account : asked.account;
}

Result<Caller> by_header(const ProxyAuthorization& asked, const CallerContext& context) {
  const auto known = invocation_of(asked, context);
  if (!known) return known.error();
  const InstallationId& id = *known ? (*known)->installation : *asked.installation;
  const auto account = user_meant(asked, *known);
  auto installation = account ? context.broker.serving(id, *account) : context.broker.serving(id);
  if (!installation) return std::move(installation).error();
  Caller caller{.installation = *std::move(installation), .invocation = asked.invocation_id};
  if (!asked.as_user) return caller;
  if (asked.account) {
    caller.as = Caller::As::absent_user;
    caller.account = asked.account;
    return caller;
  }
  if (*known) return invoking_user(std::move(caller), **known);
  return Error(Errc::invalid_argument,
               "as=user needs accountId=<account id>, or id=<invocation> for the user who invoked the app");
}

/// A token in the hands of a client is good for as long as the consent for which it was given.
Result<Caller> by_token(const oauth::IssuedTokens::Holder& holder, const CallerContext& context) {
  const AccountId* account = holder.issued.account();
  auto installation = account ? context.broker.serving(holder.installation, *account)
                              : context.broker.serving(holder.installation);
  if (!installation) return std::move(installation).error();
  Caller caller{.as = Caller::As::bearer, .installation = *std::move(installation)};
  if (account) caller.account = *account;
  caller.bearer = std::visit([](const auto& token) { return Credential(token); }, holder.issued.token);
  return caller;
}

}  // namespace

std::string_view Credential::reveal() const noexcept {
  if (const auto* user = std::get_if<AccessToken>(&token_)) return user->reveal();
  if (const auto* invoking = std::get_if<UserTokenPtr>(&token_)) return (*invoking)->secret.reveal();
  return std::get<Broker::SystemToken>(token_)->secret.reveal();
}

Result<ProxyAuthorization> proxy_authorization_of(const net::RequestHead& request) {
  const auto value = request.fields.find(kAuthorization);
  if (!value) {
    return Error(Errc::invalid_argument,
                 "forge-proxy-authorization is missing; write Forge as=app,installationId=<uuid> or "
                 "Forge as=user,accountId=<id>,installationId=<uuid>, or send a token of /oauth2/token as "
                 "Authorization: Bearer");
  }
  if (request.fields.count(kAuthorization) > 1) {
    return Error(Errc::invalid_argument, "there are two forge-proxy-authorization headers: send one");
  }
  return ProxyAuthorization::parse(*value);
}

Result<InstallationId> installation_of(const ProxyAuthorization& asked, const CallerContext& context) {
  const auto known = invocation_of(asked, context);
  if (!known) return known.error();
  return *known ? (*known)->installation : *asked.installation;
}

Result<std::optional<Caller>> caller_of(const net::RequestHead& request, const CallerContext& context) {
  if (const auto token = own_token_of(request)) {
    const auto holder = context.issued ? context.issued->holder_of(*token, context.now) : std::nullopt;
    if (!holder) return std::optional<Caller>();
    return by_token(*holder, context).transform([](Caller caller) {
      return std::optional<Caller>(std::move(caller));
    });
  }
  auto asked = proxy_authorization_of(request);
  if (!asked) return std::move(asked).error();
  return by_header(*asked, context).transform([](Caller caller) {
    return std::optional<Caller>(std::move(caller));
  });
}

std::optional<SpokenOf> spoken_of(const net::RequestHead& request, const CallerContext& context) {
  if (const auto token = own_token_of(request)) return spoken_of(*token, context);
  const auto asked = proxy_authorization_of(request);
  const auto known = asked ? invocation_of(*asked, context) : Result<Known>(asked.error());
  if (!known) return std::nullopt;
  return SpokenOf{*known ? (*known)->installation : *asked->installation, user_meant(*asked, *known)};
}

net::Response unknown_bearer() {
  auto answer = net::Response::problem(401, "unknown-token",
                                       "this token did not come from this gateway's OAuth endpoint, has "
                                       "ended or was revoked: get another one");
  answer.headers.add("WWW-Authenticate", "Bearer error=\"invalid_token\"");
  return answer;
}

}  // namespace tongs::gateway
