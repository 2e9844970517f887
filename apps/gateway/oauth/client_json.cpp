#include "gateway/oauth/client_json.hpp"

#include <tongs/json.hpp>

#include "http/timestamp.hpp"

namespace tongs::gateway::oauth {

namespace {

std::string quoted_time(WallTime time) { return json_quote(detail::format_iso_time(time)); }

/// The elements as `write` says them, in brackets.
template <class List, class Write>
std::string array_of(const List& list, Write write) {
  std::string text = "[";
  for (const auto& element : list) text.append(text.size() > 1 ? "," : "").append(write(element));
  return text + "]";
}

std::string describe_secret(const vault::ClientSecret& secret) {
  std::string text = R"({"createdAt":)" + quoted_time(secret.created_at);
  if (secret.ends_at) text.append(R"(,"expiresAt":)").append(quoted_time(*secret.ends_at));
  return text + "}";
}

std::string_view method_of(const vault::OAuthClient& client) noexcept {
  if (!client.jwks.empty()) return "private_key_jwt";
  if (!client.certificate.empty()) return "tls_client_auth";
  return client.signs_with_secret() ? "connect" : "client_secret";
}

/// Without the braces.
std::string members(const vault::OAuthClient& client) {
  const std::string certificate =
      client.certificate.empty() ? "" : R"(,"certificate":)" + json_quote(client.certificate);
  return R"("clientId":)" + json_quote(client.id) + R"(,"installation":)" +
         json_quote(client.installation.bare()) + R"(,"name":)" + json_quote(client.name) +
         R"(,"authentication":)" + json_quote(method_of(client)) + certificate + R"(,"createdAt":)" +
         quoted_time(client.created_at) + R"(,"secrets":)" + array_of(client.secrets, describe_secret) +
         R"(,"allowFrom":)" + array_of(client.allow_from, [](const auto& text) { return json_quote(text); });
}

}  // namespace

std::string describe(const vault::OAuthClient& client) { return "{" + members(client) + "}"; }

std::string describe(const vault::OAuthClient& client, const Secret& secret,
                     std::string_view token_endpoint) {
  std::string text;
  text.reserve(4096);  // so that no copy of the secret stays behind
  text.append("{").append(members(client));
  if (!secret.empty()) text.append(R"(,"clientSecret":")").append(secret.reveal()).append("\"");
  if (!token_endpoint.empty()) text.append(R"(,"tokenEndpoint":)").append(json_quote(token_endpoint));
  return text.append("}\n");
}

}  // namespace tongs::gateway::oauth
