#include "emulator/platform/attempt.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "emulator/base/json_text.hpp"
#include "emulator/platform/auth_trigger.hpp"
#include "emulator/platform/fit_minter.hpp"
#include "emulator/platform/scope_rules.hpp"
#include "http/ascii.hpp"

namespace tongs::emulator {

namespace {

/// Makes the request of one attempt, and tells the log what went into it.
class AttemptBuilder {
 public:
  AttemptBuilder(World& world, const Delivery& delivery, const FaultAction* fault, Moment now)
      : world_(world),
        delivery_(delivery),
        message_(delivery.message),
        installation_(subject_of(world, message_.installation, fault)),
        fault_(fault),
        now_(now) {}

  Result<HttpRequest> build(json::object& facts) {
    request_.method = message_.method;
    request_.url = message_.url;
    auto fit = mint_fit();
    if (!fit) return std::move(fit).error();
    facts["jti"] = jti_;
    facts["kid"] = world_.keys.current().kid();
    if (auto failed = add_body(); !failed) return std::move(failed).error();
    add("authorization", "Bearer " + *fit, true);
    add("x-b3-traceid", random_hex(*world_.random, 8));
    add("x-b3-spanid", random_hex(*world_.random, 8));
    json::object tokens;
    if (message_.tokens.system) add_system_token(tokens);
    if (message_.tokens.user && !message_.account.empty()) add_user_token(tokens);
    if (!tokens.empty()) facts["tokens"] = std::move(tokens);
    add_caller_headers();
    return std::move(request_);
  }

 private:
  /// Whose tokens go along: the installation's that is called, or another one's if a fault says so.
  static const Installation& subject_of(const World& world, const std::string& id, const FaultAction* fault) {
    const Installation& meant = *world.directory.find(id);
    if (fault == nullptr || !fault->foreign) return meant;
    for (const Installation* one : world.directory.active()) {
      if (one->id != meant.id) return *one;
    }
    return meant;
  }

  FitSubject subject() {
    return {.app = app_,
            .installation = installation_,
            .site = world_.site_of(installation_),
            .module_type = message_.module_type,
            .module_key = message_.module_key,
            .account = message_.way == Way::ui ? std::string_view(message_.account) : std::string_view(),
            .context = message_.fit_context ? &*message_.fit_context : nullptr};
  }

  Result<std::string> mint_fit() {
    json::object claims = fit_claims(subject(), world_.environment_id, world_.origin, world_.behaviour,
                                     *world_.random, now_.real);
    jti_ = claims.at("jti").as_string();
    const FitFlaw flaw = fault_ != nullptr ? fault_->fit : FitFlaw::none;
    return sign_fit(std::move(claims), world_.keys, flaw, *world_.random);
  }

  void add(std::string name, std::string value, bool sensitive = false) {
    request_.headers.push_back({std::move(name), std::move(value), sensitive});
  }

  Result<void> add_body() {
    if (message_.given) set_body(message_.given->text, message_.given->json);
    std::optional<json::value> body = message_.body;
    if (message_.context_body) {
      auto token = context_token();
      if (!token) return std::move(token).error();
      body = {{"context", {{"cloudId", installation_.cloud_id}, {"moduleKey", message_.module_key}}},
              {"contextToken", *token}};
    }
    if (message_.auth_body) {
      body = {
          {"installationId", message_.installation},
          {"authTriggerUrl", next_auth_trigger_url(world_, *world_.directory.find(message_.installation))}};
    }
    if (!body) return {};
    if (delivery_.attempts > 1) {
      body = with_retry_context(*std::move(body), delivery_.attempts - 1, delivery_.retry_reason);
    }
    set_body(json_text(*body), true);
    return {};
  }

  void set_body(std::string text, bool is_json) {
    request_.body = std::move(text);
    if (is_json) add("content-type", "application/json");
  }

  Result<std::string> context_token() {
    FitSubject trigger = subject();
    trigger.module_type = message_.way == Way::schedule ? "scheduledTrigger" : "preUninstall";
    return world_.context_key.sign(
        context_token_claims(trigger, world_.environment_id, *world_.random, now_.real));
  }

  /// Notes in `tokens` which token went along, or why none did.
  void add_system_token(json::object& tokens) {
    if (const auto why = system_token_withheld(app_)) {
      tokens["system"] = "withheld: " + std::string(*why);
    } else {
      add_token("x-forge-oauth-system", TokenKind::system, app_account(app_), tokens);
    }
  }

  void add_user_token(json::object& tokens) {
    if (const auto why = user_token_withheld(app_)) {
      tokens["user"] = "withheld: " + std::string(*why);
    } else {
      add_token("x-forge-oauth-user", TokenKind::user, message_.account, tokens);
    }
  }

  void add_token(const char* header, TokenKind kind, std::string account, json::object& tokens) {
    if (fault_ != nullptr && fault_->without_token) {
      tokens[to_string(kind)] = "withheld: a fault asked for it";
      return;
    }
    if (fault_ != nullptr && fault_->token == TokenFlaw::opaque) {
      tokens[to_string(kind)] = "opaque";
      return add(header, random_hex(*world_.random, 32), true);
    }
    const bool stale = fault_ != nullptr && fault_->stale_token;
    const auto freshness = stale                           ? TokenFreshness::stale
                           : message_.way == Way::function ? TokenFreshness::whatever
                                                           : TokenFreshness::guaranteed;
    TokenGrant grant{.kind = kind,
                     .installation = installation_.id.str(),
                     .cloud_id = installation_.cloud_id,
                     .account = std::move(account),
                     .scopes = app_.scope_names()};
    MintedToken minted = mint(std::move(grant), freshness);
    tokens[to_string(kind)] = minted.grant.fingerprint;
    if (!minted.reused) {
      world_.note("mint",
                  {{"token", minted.grant.fingerprint},
                   {"tokenKind", to_string(kind)},
                   {"installationId", installation_.id.str()},
                   {"account", minted.grant.account},
                   {"expiresAt", iso_time(minted.grant.expires_at)}},
                  now_);
    }
    add(header, std::string(minted.token.reveal()), true);
  }

  MintedToken mint(TokenGrant grant, TokenFreshness freshness) {
    const TokenFlaw flaw = fault_ != nullptr ? fault_->token : TokenFlaw::none;
    if (flaw == TokenFlaw::none) {
      return world_.mint.mint(std::move(grant), freshness, world_.behaviour, *world_.random, now_.platform);
    }
    const Millis left = flaw == TokenFlaw::expired ? std::chrono::seconds(-60) : std::chrono::seconds(30);
    return world_.mint.mint_until(std::move(grant), now_.platform + left, *world_.random, now_.platform);
  }

  /// Forge's own headers are Forge's own: what a caller says in their place does not count.
  void add_caller_headers() {
    for (const auto& header : message_.headers) {
      const std::string name = detail::to_lower(header.name);
      const bool token = name == "x-forge-oauth-system" || name == "x-forge-oauth-user";
      const bool passed = token && world_.behaviour.pass_caller_tokens;
      const bool taken = name == "authorization" || name.starts_with("x-forge-") ||
                         name.starts_with("x-b3-") || name == "host" || name == "content-length" ||
                         name == "transfer-encoding";
      const bool there = std::any_of(request_.headers.begin(), request_.headers.end(),
                                     [&](const Header& one) { return same_header_name(one.name, name); });
      if (!there && (!taken || passed)) request_.headers.push_back(header);
    }
  }

  World& world_;
  const Delivery& delivery_;
  const Message& message_;
  const Installation& installation_;
  const App& app_ = world_.app_run_by(installation_);
  const FaultAction* fault_;
  Moment now_;
  HttpRequest request_;
  std::string jti_;
};

json::object facts_of(const Delivery& delivery) {
  const Message& message = delivery.message;
  json::object facts{{"delivery", to_string(delivery.id)}, {"attempt", delivery.attempts}};
  add_facts(facts, message);
  if (!message.account.empty()) facts["account"] = message.account;
  return facts;
}

std::string_view path_of(std::string_view url) {
  const auto start = url.find('/', url.find("://") + 3);
  if (start == std::string_view::npos) return "/";
  return url.substr(start, url.find('?', start) - start);
}

const Fault* take_fault(World& world, const Message& message) {
  FaultSubject subject{.target = FaultTarget::deliveries,
                       .method = message.method,
                       .path = path_of(message.url),
                       .operations = {std::string(to_string(message.way))},
                       .module = message.module_key,
                       .remote = message.remote};
  if (!message.event.empty()) subject.operations.push_back(message.event);
  return world.faults.take(subject);
}

/// What a fault makes of the attempt without a word to the remote.
std::optional<Outcome> outcome_instead(const FaultAction& fault) {
  if (fault.reset) return Outcome{Outcome::Kind::unreachable};
  if (!fault.status) return std::nullopt;
  Outcome outcome{Outcome::Kind::answered};
  outcome.response = {*fault.status, fault.headers, fault.body.value_or("")};
  return outcome;
}

}  // namespace

std::optional<Attempt> begin_attempt(World& world, DeliveryId id, Moment now) {
  const Delivery* delivery = world.deliveries.begin(id);
  if (delivery == nullptr) return std::nullopt;
  const Fault* fault = take_fault(world, delivery->message);
  const FaultAction* action = fault == nullptr ? nullptr : &fault->action;
  json::object facts = facts_of(*delivery);
  if (fault != nullptr) facts["fault"] = fault->id;
  auto request = AttemptBuilder(world, *delivery, action, now).build(facts);
  Attempt attempt{.delivery = id, .request = {}, .limit = time_limit(delivery->message.way)};
  if (!request) {
    facts["failed"] = request.error().describe();
    attempt.instead = Outcome{Outcome::Kind::unreachable};
  } else {
    attempt.request = *std::move(request);
    if (action != nullptr) {
      attempt.delay = action->delay;
      attempt.twice = action->duplicate;
      attempt.instead = outcome_instead(*action);
    }
  }
  world.note("delivery", std::move(facts), now);
  return attempt;
}

void finish_attempt(World& world, DeliveryId id, Outcome outcome, Moment now) {
  json::object facts{{"delivery", to_string(id)}, {"durationMs", outcome.duration.count()}};
  switch (outcome.kind) {
    case Outcome::Kind::answered:
      facts["status"] = outcome.response.status;
      break;
    case Outcome::Kind::timed_out:
      facts["failed"] = "time-out";
      break;
    case Outcome::Kind::unreachable:
      facts["failed"] = "network error";
      break;
  }
  const Delivery* delivery =
      world.deliveries.finish(id, std::move(outcome), world.behaviour.retry_delay, now.platform);
  if (delivery->message.auth_body && delivery->state == DeliveryState::delivered) {
    accept_auth_trigger(*world.directory.find(delivery->message.installation));
  }
  facts["attempt"] = delivery->attempts;
  facts["outcome"] = to_string(delivery->state);
  if (!delivery->retry_reason.empty()) facts["reason"] = delivery->retry_reason;
  if (delivery->state == DeliveryState::waiting) facts["nextAttempt"] = iso_time(delivery->due);
  world.note("outcome", std::move(facts), now);
}

}  // namespace tongs::emulator
