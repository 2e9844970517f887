#include "gateway/egress/invocations.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

#include "auth/token_text.hpp"
#include "auth/unverified_claims.hpp"
#include "gateway/broker/token_life.hpp"

namespace tongs::gateway {

namespace {

/// The longest that Forge waits for an answer is 55 s (contract 1.2.8).
constexpr std::chrono::seconds kAnswerTime{60};
constexpr std::chrono::seconds kBetweenSweeps{30};
constexpr std::string_view kUserToken = "x-forge-oauth-user";
/// Several, so that workers seldom wait for each other.
constexpr std::size_t kShards = 16;

std::size_t hash_of(std::string_view id) noexcept { return std::hash<std::string_view>{}(id); }

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

struct Invocations::Entry {
  std::string id;  ///< empty: forgotten
  Known known;
  WallTime until{};

  explicit Entry(const VerifiedInvocation& invocation)
      : known{.installation = invocation.installation(), .account = {}, .claims_json = {}, .user = nullptr} {}

  bool is_of(const VerifiedInvocation& invocation) const {
    return known.installation == invocation.installation() && known.account == invocation.account();
  }

  void become(const VerifiedInvocation& invocation, std::string_view its_id) {
    id = its_id;
    known.installation = invocation.installation();
    known.account = invocation.account();
    known.claims_json = invocation.claims_json();
    known.user = nullptr;
    until = {};
  }

  void forget() noexcept {
    id.clear();
    known.user = nullptr;
  }
};

/// Some of the ids. Each has its ring of neighbours, which the next one of them overwrites where it is
/// oldest: no invocation costs an allocation once the rings are full, and to look for one touches one of
/// them.
class Invocations::Shard {
 public:
  mutable std::mutex mutex;

  const Entry* find(std::string_view id, std::size_t hash) const noexcept {
    if (rings_.empty()) return nullptr;
    const Ring& ring = rings_[ring_of(hash)];
    for (std::size_t at = 0; at < ring.entries.size(); ++at) {
      if (ring.hashes[at] == rest_of(hash) && ring.entries[at].id == id) return &ring.entries[at];
    }
    return nullptr;
  }
  Entry* find(std::string_view id, std::size_t hash) noexcept {
    return const_cast<Entry*>(std::as_const(*this).find(id, hash));
  }

  /// What is known of this invocation, or a new entry.
  Entry& entry(const VerifiedInvocation& invocation, std::string_view id, std::size_t hash, WallTime now,
               std::size_t capacity) {
    sweep(now);
    Entry* known = find(id, hash);
    Entry& entry = known != nullptr ? *known : place(invocation, hash, capacity);
    if (known == nullptr || !known->is_of(invocation)) entry.become(invocation, id);  // no id stands for two
    entry.until = std::max({entry.until, invocation.expires_at(), now + kAnswerTime});
    return entry;
  }

  template <class Visit>
  void each(Visit visit) {
    for (Ring& ring : rings_) std::ranges::for_each(ring.entries, visit);
  }

 private:
  struct Ring {
    static constexpr std::size_t kLongest = 15;
    std::array<std::uint32_t, kLongest> hashes{};  ///< enough of each to know without a look at the entries
    std::uint32_t oldest = 0;
    std::vector<Entry> entries;
  };

  static std::uint32_t rest_of(std::size_t hash) noexcept { return static_cast<std::uint32_t>(hash >> 32U); }
  std::size_t ring_of(std::size_t hash) const noexcept { return hash / kShards % rings_.size(); }

  Entry& place(const VerifiedInvocation& invocation, std::size_t hash, std::size_t capacity) {
    if (rings_.empty()) rings_.resize((capacity + Ring::kLongest - 1) / Ring::kLongest);
    Ring& ring = rings_[ring_of(hash)];
    const std::size_t length = capacity / rings_.size();
    if (ring.entries.size() < length) {
      ring.hashes[ring.entries.size()] = rest_of(hash);
      return ring.entries.emplace_back(invocation);
    }
    const std::size_t at = ring.oldest;
    ring.oldest = static_cast<std::uint32_t>((at + 1) % length);
    ring.hashes[at] = rest_of(hash);
    return ring.entries[at];
  }

  /// Users' tokens are wiped when they have ended, not when their place is needed.
  void sweep(WallTime now) {
    if (now < next_sweep_) return;
    next_sweep_ = now + kBetweenSweeps;
    each([&](Entry& entry) {
      if (entry.until <= now) entry.forget();
    });
  }

  std::vector<Ring> rings_;  ///< none until the first invocation comes
  WallTime next_sweep_{};
};

Invocations::Invocations(std::size_t capacity, UserTokens user_tokens)
    : shard_capacity_((capacity + kShards - 1) / kShards),
      user_tokens_(user_tokens),
      shards_(std::make_unique<Shard[]>(kShards)) {}

Invocations::~Invocations() = default;

Invocations::Shard& Invocations::shard_of(std::size_t hash) const noexcept { return shards_[hash % kShards]; }

void Invocations::note(const VerifiedInvocation& invocation, WallTime now) {
  const std::string_view id = id_of(invocation.claims());
  if (shard_capacity_ == 0 || id.empty()) return;
  const std::size_t hash = hash_of(id);
  Shard& shard = shard_of(hash);
  const std::lock_guard hold(shard.mutex);
  shard.entry(invocation, id, hash, now, shard_capacity_);
}

void Invocations::note_user(const VerifiedInvocation& invocation, const net::Fields& fields, WallTime now) {
  const FitClaims& claims = invocation.claims();
  const std::string_view id = id_of(claims);
  if (shard_capacity_ == 0 || id.empty()) return;
  const std::string_view token = believable_user_token(claims, fields, user_tokens_);
  if (token.empty()) return;
  const WallTime end = end_of_token(token, now);
  auto user = std::make_shared<const UserToken>(UserToken{*claims.account, Secret(token), end});
  const std::size_t hash = hash_of(id);
  Shard& shard = shard_of(hash);
  const std::lock_guard hold(shard.mutex);
  Entry& entry = shard.entry(invocation, id, hash, now, shard_capacity_);
  if (!entry.known.user || entry.known.user->expires_at < end) entry.known.user = std::move(user);
  entry.until = std::max(entry.until, end);
}

std::optional<Invocations::Known> Invocations::find(std::string_view id, WallTime now) const {
  const std::size_t hash = hash_of(id);
  const Shard& shard = shard_of(hash);
  const std::lock_guard hold(shard.mutex);
  const Entry* found = id.empty() ? nullptr : shard.find(id, hash);
  if (found == nullptr || found->until <= now) return std::nullopt;
  Known known = found->known;
  if (known.user && known.user->expires_at <= now) known.user = nullptr;
  return known;
}

void Invocations::reject(std::string_view id, const UserTokenPtr& token) {
  const std::size_t hash = hash_of(id);
  Shard& shard = shard_of(hash);
  const std::lock_guard hold(shard.mutex);
  Entry* found = shard.find(id, hash);
  if (found != nullptr && found->known.user == token) found->known.user = nullptr;
}

template <class Condition>
void Invocations::forget_users_if(Condition condition) {
  for (std::size_t i = 0; i < kShards; ++i) {
    const std::lock_guard hold(shards_[i].mutex);
    shards_[i].each([&](Entry& entry) {
      if (condition(std::as_const(entry.known))) entry.known.user = nullptr;
    });
  }
}

void Invocations::forget_users(const InstallationId& installation) {
  forget_users_if([&](const Known& known) { return known.installation == installation; });
}

void Invocations::forget_user(const InstallationId& installation, const AccountId& account) {
  forget_users_if(
      [&](const Known& known) { return known.installation == installation && known.account == account; });
}

}  // namespace tongs::gateway
