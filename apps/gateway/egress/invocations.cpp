#include "gateway/egress/invocations.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>

#include "auth/token_text.hpp"
#include "auth/unverified_claims.hpp"
#include "gateway/broker/token_life.hpp"

namespace tongs::gateway {

namespace {

/// The longest that Forge waits for an answer is 55 s (contract 1.2.8).
constexpr std::chrono::seconds kAnswerTime{60};
constexpr std::chrono::seconds kBetweenSweeps{30};
constexpr std::string_view kUserToken = "x-forge-oauth-user";

/// `Sec-Fetch-Mode` is no sign of one: Node sends it too.
bool comes_from_browser(const net::Fields& fields) noexcept {
  return fields.find("origin") || fields.find("sec-fetch-site");
}

}  // namespace

std::string_view believable_user_token(const FitClaims& claims, const net::Fields& fields, UserTokens which) {
  if (which == UserTokens::off || !claims.account || fields.count(kUserToken) != 1) return {};
  std::string_view token = fields.find(kUserToken).value_or("");
  if (constexpr std::string_view bearer = "Bearer "; token.starts_with(bearer)) {
    token.remove_prefix(bearer.size());
  }
  if (!detail::is_sendable_token(token) || comes_from_browser(fields)) return {};
  const auto said = detail::unverified_claims(token);
  const auto subject = said ? (*said)["sub"].string() : std::nullopt;
  if (subject) return *subject == claims.account->str() ? token : std::string_view();
  return which == UserTokens::any ? token : std::string_view();
}

std::string_view id_of(const FitClaims& claims) noexcept {
  return detail::is_sendable_token(claims.jti) ? std::string_view(claims.jti) : std::string_view();
}

Invocations::Entry& Invocations::Shard::entry(const VerifiedInvocation& invocation, std::string_view id,
                                              WallTime now) {
  const auto found = by_id.find(id);
  if (found != by_id.end()) {
    Entry& known = *found->second;
    const FitClaims& claims = known.known.invocation.claims();
    const bool same =
        claims.installation == invocation.installation() && claims.account == invocation.account();
    if (same) return known;
    erase_if([&](const Entry& other) { return &other == &known; });  // no id stands for two
  }
  entries.push_back({{invocation, nullptr}, std::max(invocation.expires_at(), now + kAnswerTime)});
  by_id.emplace(id_of(entries.back().known.invocation.claims()), std::prev(entries.end()));
  return entries.back();
}

template <class Condition>
void Invocations::Shard::erase_if(Condition condition) {
  for (auto at = entries.begin(); at != entries.end();) {
    const auto here = at++;
    if (!condition(*here)) continue;
    by_id.erase(id_of(here->known.invocation.claims()));
    entries.erase(here);
  }
}

void Invocations::Shard::make_room(std::size_t capacity, WallTime now) {
  if (now >= next_sweep) {
    erase_if([&](const Entry& entry) { return entry.until <= now; });
    next_sweep = now + kBetweenSweeps;
  }
  while (entries.size() > capacity) {
    by_id.erase(id_of(entries.front().known.invocation.claims()));
    entries.pop_front();
  }
}

void Invocations::note(const VerifiedInvocation& invocation, WallTime now) {
  const std::string_view id = id_of(invocation.claims());
  if (shard_capacity_ == 0 || id.empty()) return;
  Shard& shard = shards_[shard_of(id)];
  const std::lock_guard hold(shard.mutex);
  shard.entry(invocation, id, now);
  shard.make_room(shard_capacity_, now);
}

void Invocations::note_user(const VerifiedInvocation& invocation, const net::Fields& fields, WallTime now) {
  const FitClaims& claims = invocation.claims();
  const std::string_view id = id_of(claims);
  if (shard_capacity_ == 0 || id.empty()) return;
  const std::string_view token = believable_user_token(claims, fields, user_tokens_);
  if (token.empty()) return;
  const WallTime end = end_of_token(token, now);
  auto user = std::make_shared<const UserToken>(UserToken{*claims.account, Secret(token), end});
  Shard& shard = shards_[shard_of(id)];
  const std::lock_guard hold(shard.mutex);
  Entry& entry = shard.entry(invocation, id, now);
  if (!entry.known.user || entry.known.user->expires_at < end) entry.known.user = std::move(user);
  entry.until = std::max(entry.until, end);
  shard.make_room(shard_capacity_, now);
}

std::optional<Invocations::Known> Invocations::find(std::string_view id, WallTime now) const {
  const Shard& shard = shards_[shard_of(id)];
  const std::lock_guard hold(shard.mutex);
  const auto found = shard.by_id.find(id);
  if (found == shard.by_id.end() || found->second->until <= now) return std::nullopt;
  Known known = found->second->known;
  if (known.user && known.user->expires_at <= now) known.user = nullptr;
  return known;
}

void Invocations::reject(std::string_view id, const UserTokenPtr& token) {
  Shard& shard = shards_[shard_of(id)];
  const std::lock_guard hold(shard.mutex);
  const auto found = shard.by_id.find(id);
  if (found != shard.by_id.end() && found->second->known.user == token) found->second->known.user = nullptr;
}

void Invocations::forget_users(const InstallationId& installation) {
  for (Shard& shard : shards_) {
    const std::lock_guard hold(shard.mutex);
    for (Entry& entry : shard.entries) {
      if (entry.known.invocation.installation() == installation) entry.known.user = nullptr;
    }
  }
}

}  // namespace tongs::gateway
