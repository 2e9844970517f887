#include "vault/oauth_client_codec.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "vault/fields.hpp"

namespace tongs::vault {

namespace {

/// The numbers are on disk: never reuse one.
enum class ClientField : std::uint8_t {
  name = 1,
  secret = 2,
  jwks = 3,
  allow_from = 4,
  created_at = 5,
  certificate = 6
};
enum class SecretField : std::uint8_t { digest = 1, created_at = 2, ends_at = 3, shared = 4 };

constexpr std::size_t kMostSecrets = 2;
constexpr std::size_t kTime = fields::kHead + sizeof(std::int64_t);

std::string_view bytes_of(const SecretDigest& digest) noexcept {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

std::size_t size_of(const ClientSecret& secret) noexcept {
  const std::size_t shared = secret.shared.empty() ? 0 : fields::kHead + secret.shared.size();
  return fields::kHead + secret.digest.size() + kTime + (secret.ends_at ? kTime : 0) + shared;
}

/// An upper bound, cheap to compute.
std::size_t size_of(const OAuthClient& client) noexcept {
  std::size_t size =
      3 * fields::kHead + client.name.size() + client.jwks.size() + client.certificate.size() + kTime;
  for (const ClientSecret& secret : client.secrets) size += fields::kHead + size_of(secret);
  for (const std::string& network : client.allow_from) size += fields::kHead + network.size();
  return size;
}

void append(std::string& out, const ClientSecret& secret) {
  fields::append_head(out, ClientField::secret, size_of(secret));
  fields::append_text(out, SecretField::digest, bytes_of(secret.digest));
  fields::append_time(out, SecretField::created_at, secret.created_at);
  if (secret.ends_at) fields::append_time(out, SecretField::ends_at, *secret.ends_at);
  fields::append_text(out, SecretField::shared, secret.shared.reveal());
}

bool take_digest(SecretDigest& out, std::string_view bytes) noexcept {
  if (bytes.size() != out.size()) return false;
  std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(out.data()));
  return true;
}

bool take_secret(std::vector<ClientSecret>& out, std::string_view bytes) {
  if (out.size() == kMostSecrets) return false;
  ClientSecret& secret = out.emplace_back();
  bool has_digest = false;
  const bool whole = fields::each<SecretField>(bytes, [&](SecretField tag, std::string_view value) {
    switch (tag) {
      case SecretField::digest:
        return has_digest = take_digest(secret.digest, value);
      case SecretField::created_at:
        return fields::take_time(secret.created_at, value);
      case SecretField::ends_at:
        return fields::take_time(secret.ends_at.emplace(), value);
      case SecretField::shared:
        secret.shared = Secret(value);
        return true;
    }
    return false;
  });
  return whole && has_digest;
}

bool take_field(OAuthClient& client, ClientField tag, std::string_view value) {
  switch (tag) {
    case ClientField::name:
      client.name = value;
      return true;
    case ClientField::secret:
      return take_secret(client.secrets, value);
    case ClientField::jwks:
      client.jwks = value;
      return true;
    case ClientField::allow_from:
      client.allow_from.emplace_back(value);
      return true;
    case ClientField::created_at:
      return fields::take_time(client.created_at, value);
    case ClientField::certificate:
      client.certificate = value;
      return true;
  }
  return false;
}

}  // namespace

void encode(const OAuthClient& record, std::string& out) {
  fields::make_room(out, size_of(record));
  fields::append_text(out, ClientField::name, record.name);
  for (const ClientSecret& secret : record.secrets) append(out, secret);
  fields::append_text(out, ClientField::jwks, record.jwks);
  for (const std::string& network : record.allow_from) {
    fields::append_text(out, ClientField::allow_from, network);
  }
  fields::append_time(out, ClientField::created_at, record.created_at);
  fields::append_text(out, ClientField::certificate, record.certificate);
}

Result<OAuthClient> decode_oauth_client(const InstallationId& installation, std::string_view id,
                                        std::string_view bytes) {
  if (id.empty()) return fields::broken();
  OAuthClient client{.id = std::string(id), .installation = installation};
  const bool whole = fields::each<ClientField>(
      bytes, [&](ClientField tag, std::string_view value) { return take_field(client, tag, value); });
  if (!whole || (client.secrets.empty() && client.jwks.empty() && client.certificate.empty()))
    return fields::broken();
  return client;
}

}  // namespace tongs::vault
