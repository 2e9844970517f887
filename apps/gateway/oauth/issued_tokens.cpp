#include "gateway/oauth/issued_tokens.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <openssl/sha.h>

#include <tongs/json.hpp>

#include "base/base64url.hpp"

namespace tongs::gateway::oauth {

namespace {

constexpr std::chrono::seconds kBetweenSweeps{60};

vault::SecretDigest digest_of(std::string_view text) {
  vault::SecretDigest digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return digest;
}

/// What a token in the form of a JWT says of its scope (RFC 9068 2.2.3); believed as far as it is shown.
std::optional<std::string> scope_in(std::string_view token) {
  const std::size_t first = token.find('.'), last = token.rfind('.');
  if (first == std::string_view::npos || first == last) return std::nullopt;
  const auto payload = base64url_decode(token.substr(first + 1, last - first - 1));
  if (!payload) return std::nullopt;
  const auto claims = JsonDocument::parse(*payload, {.unique_names = true});
  if (!claims) return std::nullopt;
  const auto scope = (*claims)["scope"].string();
  return scope ? std::optional<std::string>(*scope) : std::nullopt;
}

}  // namespace

const AccountId* IssuedToken::account() const noexcept {
  const auto* user = std::get_if<AccessToken>(&token);
  return user == nullptr ? nullptr : &user->account();
}

WallTime IssuedToken::expires_at() const noexcept {
  const auto* user = std::get_if<AccessToken>(&token);
  return user == nullptr ? std::get<0>(token)->expires_at : user->expires_at();
}

std::string_view IssuedToken::reveal() const noexcept {
  const auto* user = std::get_if<AccessToken>(&token);
  return user == nullptr ? std::get<0>(token)->secret.reveal() : user->reveal();
}

bool IssuedToken::is_revoked_for(std::string_view client) const noexcept {
  return std::ranges::find(revoked_for, client) != revoked_for.end();
}

IssuedToken& IssuedTokens::note(const InstallationId& installation,
                                std::variant<std::shared_ptr<const vault::Token>, AccessToken> token,
                                WallTime now) {
  IssuedToken issued{.token = std::move(token)};
  const auto key = key_of(installation, issued.reveal());
  if (const auto known = tokens_.find(key); known != tokens_.end()) {
    known->second.issued.token = std::move(issued.token);  // the same bytes may have come with another end
    return known->second.issued;
  }
  make_room(now);
  issued.scope = scope_in(issued.reveal());
  const auto bytes = digest_of(issued.reveal());
  by_bytes_.emplace(bytes, key);
  return tokens_.emplace(key, Entry{installation, std::move(issued), bytes}).first->second.issued;
}

IssuedToken* IssuedTokens::find(const InstallationId& installation, std::string_view token, WallTime now) {
  const auto found = tokens_.find(key_of(installation, token));
  if (found == tokens_.end() || found->second.issued.expires_at() <= now) return nullptr;
  return &found->second.issued;
}

std::optional<IssuedTokens::Holder> IssuedTokens::holder_of(std::string_view token, WallTime now) const {
  const auto [first, last] = by_bytes_.equal_range(digest_of(token));
  if (first == last || std::next(first) != last) return std::nullopt;
  const Entry& entry = tokens_.at(first->second);
  if (entry.issued.expires_at() <= now || !entry.issued.revoked_for.empty()) return std::nullopt;
  return Holder{entry.installation, entry.issued};
}

void IssuedTokens::forget(const InstallationId& installation) {
  take_back_if([&](const Entry& entry) { return entry.installation == installation; });
}

void IssuedTokens::forget(const InstallationId& installation, const AccountId& user) {
  take_back_if([&](const Entry& entry) {
    const AccountId* account = entry.issued.account();
    return entry.installation == installation && account != nullptr && *account == user;
  });
}

std::optional<IssuedTokens::Former> IssuedTokens::former_holder_of(std::string_view token,
                                                                   WallTime now) const {
  const auto found = former_.find(digest_of(token));
  if (found == former_.end() || found->second.expires_at <= now) return std::nullopt;
  return found->second;
}

template <class Condition>
void IssuedTokens::take_back_if(Condition condition) {
  erase_if([&](const Entry& entry) {
    if (!condition(entry)) return false;
    const AccountId* account = entry.issued.account();
    if (former_.size() < capacity_) {
      former_.insert_or_assign(entry.bytes,
                               Former{.installation = entry.installation,
                                      .account = account != nullptr ? std::optional(*account) : std::nullopt,
                                      .expires_at = entry.issued.expires_at()});
    }
    return true;
  });
}

IssuedTokens::Tokens::iterator IssuedTokens::erase(Tokens::iterator entry) {
  const auto [first, last] = by_bytes_.equal_range(entry->second.bytes);
  by_bytes_.erase(std::find_if(first, last, [&](const auto& known) { return known.second == entry->first; }));
  return tokens_.erase(entry);
}

template <class Condition>
void IssuedTokens::erase_if(Condition condition) {
  for (auto at = tokens_.begin(); at != tokens_.end();)
    at = condition(at->second) ? erase(at) : std::next(at);
}

vault::SecretDigest IssuedTokens::key_of(const InstallationId& installation, std::string_view token) {
  thread_local std::string text;
  text.assign(installation.str()).append(1, '\0').append(token);
  const auto digest = digest_of(text);
  tongs::wipe(text);
  return digest;
}

void IssuedTokens::make_room(WallTime now) {
  if (now >= next_sweep_) {
    erase_if([&](const Entry& entry) { return entry.issued.expires_at() <= now; });
    std::erase_if(former_, [&](const auto& entry) { return entry.second.expires_at <= now; });
    next_sweep_ = now + kBetweenSweeps;
  }
  if (tokens_.size() < capacity_) return;
  const auto idle = std::ranges::find_if(
      tokens_, [](const auto& entry) { return entry.second.issued.revoked_for.empty(); });
  if (idle != tokens_.end()) erase(idle);
}

}  // namespace tongs::gateway::oauth
