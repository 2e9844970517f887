#include "gateway/oauth/issuer.hpp"

#include <initializer_list>

#include <tongs/json.hpp>

#include "gateway/oauth/grant.hpp"

namespace tongs::gateway::oauth {

namespace {

std::string list(std::initializer_list<std::string_view> words) {
  std::string text;
  for (const auto word : words) text.append(text.empty() ? "[" : ",").append(json_quote(word));
  return text + "]";
}

}  // namespace

Issuer::Issuer(const detail::Url& url, bool certificates)
    : path_(url.path.substr(0, url.path.find_last_not_of('/') + 1)),
      name_(detail::origin(url) + path_),
      certificates_(certificates) {}

std::vector<std::string> Issuer::audiences() const { return {name_, name_ + "/", token_endpoint()}; }

std::string Issuer::metadata() const {
  const auto at = [this](std::string_view path) { return json_quote(name_ + std::string(path)); };
  const std::string methods =
      certificates_
          ? list({"client_secret_basic", "client_secret_post", "private_key_jwt", "tls_client_auth"})
          : list({"client_secret_basic", "client_secret_post", "private_key_jwt"});
  const std::string algorithms = list({"RS256"});
  std::string text = R"({"issuer":)" + json_quote(name_) + R"(,"token_endpoint":)" + at(kToken) +
                     R"(,"revocation_endpoint":)" + at(kRevoke) + R"(,"introspection_endpoint":)" +
                     at(kIntrospect) + R"(,"grant_types_supported":)" +
                     list({kClientCredentials, kTokenExchange, kJwtBearer}) +
                     R"(,"response_types_supported":[])";
  for (const std::string_view endpoint : {"token", "revocation", "introspection"}) {
    const std::string name = ",\"" + std::string(endpoint) + "_endpoint_auth_";
    text.append(name).append("methods_supported\":").append(methods);
    text.append(name).append("signing_alg_values_supported\":").append(algorithms);
  }
  return text + "}\n";
}

bool Issuer::is_metadata_path(std::string_view path) const noexcept {
  return path.starts_with(kMetadata) &&
         (path.size() == kMetadata.size() || path.substr(kMetadata.size()) == path_);
}

}  // namespace tongs::gateway::oauth
