#include "gateway/oauth/credentials.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include "common/random_text.hpp"
#include "gateway/oauth/certificate_name.hpp"
#include "gateway/oauth/origins.hpp"
#include "http/ascii.hpp"
#include "jose/jwks.hpp"

namespace tongs::gateway::oauth {

namespace {

constexpr std::string_view kIdPrefix = "tc_", kSecretPrefix = "tcs_";  // for scanners of leaked secrets
constexpr std::size_t kIdBytes = 16, kSecretBytes = 32;
constexpr std::size_t kLongestName = 100, kMostNetworks = 64;

vault::SecretDigest digest_of(std::string_view text) noexcept {
  vault::SecretDigest digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return digest;
}

Error wrong(const char* what) { return {Errc::invalid_argument, what}; }

Result<void> check(const ClientWishes& wishes) {
  if (wishes.name.size() > kLongestName || std::ranges::any_of(wishes.name, detail::is_control)) {
    return wrong("name must be at most 100 bytes without control characters");
  }
  if (wishes.allow_from.size() > kMostNetworks) return wrong("allowFrom must have at most 64 entries");
  if (auto known = check_origins(wishes.allow_from); !known) return known;
  if (wishes.jwks.empty() && wishes.certificate.empty()) return {};
  if (wishes.connect || wishes.life) {
    return wrong("a client with jwks or certificate has no secret: leave out connect and expiresInDays");
  }
  if (wishes.jwks.empty())
    return certificate_name(wishes.certificate).and_then([](const auto&) { return Result<void>(); });
  if (!wishes.certificate.empty()) return wrong("a client has jwks or certificate, not both");
  auto keys = jose::parse_jwks(wishes.jwks, {});
  if (keys) return {};
  return wrong("jwks has no usable key: RSA of 2048 bits or more, with a kid")
      .with_cause(std::move(keys).error());
}

struct NewSecret {
  Secret text;
  vault::ClientSecret record;
};

Result<NewSecret> make_secret(bool keep, std::optional<std::chrono::days> life, WallTime now) {
  auto random = random_text(kSecretBytes);
  if (!random) return std::move(random).error();
  std::string text(kSecretPrefix);
  text.reserve(kSecretPrefix.size() + random->size());
  text += random->reveal();
  NewSecret made{.text = Secret::take(std::move(text)), .record = {.created_at = now}};
  made.record.digest = digest_of(made.text.reveal());
  if (life) made.record.ends_at = now + *life;
  if (keep) made.record.shared = made.text.duplicate();
  return made;
}

}  // namespace

Result<NewClient> make_client(const InstallationId& installation, ClientWishes wishes, WallTime now) {
  if (auto fine = check(wishes); !fine) return fine.error();
  auto id = random_text(kIdBytes);
  if (!id) return std::move(id).error();
  NewClient client{.record = {.id = std::string(kIdPrefix).append(id->reveal()),
                              .installation = installation,
                              .name = std::move(wishes.name),
                              .jwks = std::move(wishes.jwks),
                              .certificate = certificate_name(wishes.certificate).value_or(""),
                              .allow_from = std::move(wishes.allow_from),
                              .created_at = now},
                   .secret = {}};
  if (!client.record.jwks.empty() || !client.record.certificate.empty()) return client;
  auto secret = make_secret(wishes.connect, wishes.life, now);
  if (!secret) return std::move(secret).error();
  client.record.secrets.push_back(std::move(secret->record));
  client.secret = std::move(secret->text);
  return client;
}

Result<Secret> rotate_secret(vault::OAuthClient& client, std::chrono::seconds overlap,
                             std::optional<std::chrono::days> life, WallTime now) {
  if (client.secrets.empty()) {
    return Error(Errc::conflict,
                 "this client has keys or a certificate and no secret: make another client for others");
  }
  auto fresh = make_secret(client.signs_with_secret(), life, now);
  if (!fresh) return std::move(fresh).error();
  vault::ClientSecret former = std::move(client.secrets.front());
  former.ends_at = std::min(former.ends_at.value_or(WallTime::max()), now + overlap);
  client.secrets.clear();
  client.secrets.push_back(std::move(fresh->record));
  if (former.lives(now)) client.secrets.push_back(std::move(former));
  return std::move(fresh->text);
}

bool is_secret_of(const vault::OAuthClient* client, std::string_view text, WallTime now) noexcept {
  const vault::SecretDigest shown = digest_of(text);
  const std::size_t count = client == nullptr ? 0 : client->secrets.size();
  bool proved = false;
  for (std::size_t i = 0; i < 2; ++i) {
    const vault::ClientSecret* held = i < count ? &client->secrets[i] : nullptr;
    const vault::SecretDigest& wanted = held == nullptr ? vault::SecretDigest{} : held->digest;
    const bool same = CRYPTO_memcmp(shown.data(), wanted.data(), shown.size()) == 0;
    proved = proved || (same && held != nullptr && held->lives(now));
  }
  return proved;
}

}  // namespace tongs::gateway::oauth
