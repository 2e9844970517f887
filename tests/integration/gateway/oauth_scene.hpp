#pragma once
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include <tongs/json.hpp>

#include "http/url.hpp"
#include "integration/gateway/platform.hpp"

namespace tongs::gateway::testing {

using Parameters = std::vector<std::pair<std::string, std::string>>;

inline std::string form(const Parameters& parameters) {
  std::string text;
  for (const auto& [name, value] : parameters) {
    text += (text.empty() ? "" : "&") + detail::percent_encode(name) + "=" + detail::percent_encode(value);
  }
  return text;
}

/// Credentials as the admin interface gives them.
struct Client {
  std::string id, secret;
  /// For `client_secret_post`.
  Parameters with(Parameters more) const {
    more.emplace_back("client_id", id);
    more.emplace_back("client_secret", secret);
    return more;
  }
};

/// A member of a JSON answer; empty if it has none of that name.
inline std::string member(const HttpResponse& answer, std::string_view name) {
  const auto document = JsonDocument::parse(answer.body);
  return document ? std::string((*document)[name].string_or("")) : std::string();
}

/// A scene whose gateway gives tokens by OAuth.
class OAuthScene : public Scene {
 public:
  using Scene::Scene;

  std::string url(const std::string& path) const { return "http://" + gateway->addresses().oauth + path; }
  HttpResponse post(const std::string& path, const Parameters& parameters,
                    std::vector<Header> headers = {}) const {
    headers.push_back({"content-type", "application/x-www-form-urlencoded"});
    return send(
        {.method = "POST", .url = url(path), .headers = std::move(headers), .body = form(parameters)});
  }
  HttpResponse token(const Parameters& parameters) const { return post("/oauth2/token", parameters); }

  HttpResponse admin(const std::string& method, const std::string& path, std::string body = {}) const {
    std::ifstream token_file(file("admin.token"));
    std::string token(std::istreambuf_iterator<char>(token_file), {});
    while (token.ends_with('\n')) token.pop_back();
    return send({.method = method,
                 .url = "http://" + gateway->addresses().admin + path,
                 .headers = {{"authorization", "Bearer " + token, true}},
                 .body = std::move(body)});
  }
  Client make_client(const std::string& wishes = {}) const { return make_client_of(installation, wishes); }
  Client make_client_of(const std::string& which, const std::string& wishes = {}) const {
    const auto answer = admin("POST", "/v1/installations/" + which + "/clients", wishes);
    EXPECT_EQ(answer.status, 201) << answer.body;
    return {member(answer, "clientId"), member(answer, "clientSecret")};
  }

  static Parameters client_credentials() { return {{"grant_type", "client_credentials"}}; }
  static Parameters exchange(const std::string& account = "557058:absent") {
    return {{"grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"},
            {"subject_token", account},
            {"subject_token_type", "urn:tongs:params:oauth:token-type:account-id"}};
  }
};

}  // namespace tongs::gateway::testing
