#include "integration/gateway/platform.hpp"

#include <filesystem>

#include "base/base64url.hpp"
#include "gateway/config.hpp"

namespace tongs::gateway::testing {

namespace {

constexpr const char* kApp = "ari:cloud:ecosystem::app/8db33809-1f32-48bb-8c52-5877dab48107";

std::string scratch_directory() {
  std::string name = ::testing::TempDir() + "tongs-gateway-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no scratch directory");
  return name;
}

std::shared_ptr<const Transport> curl() { return CurlTransport::create({}).value(); }

}  // namespace

Scene::Scene(const std::string& more_config, Witness::Answer backend_answer,
             const config::Environment& environment)
    : platform([this](const Seen& request) { return answer_as_platform(request); }),
      backend(std::move(backend_answer)),
      transport_(curl()),
      directory_(scratch_directory()),
      more_config_(more_config),
      environment_(environment) {
  start();
}

gateway::Config Scene::config(const std::string& more_config) const {
  config::Source source;
  source.name = "gateway.toml";
  source.directory = directory_;
  source.text = std::string("[app]\nid = \"") + kApp +
                "\"\n[ingress]\nlisten = \"127.0.0.1:0\"\nbackend = \"" + backend.url() +
                "\"\n[jwks]\nurl = \"" + platform.url() + "/.well-known/jwks.json\"\n" +
                "[egress]\nlisten = \"127.0.0.1:0\"\n[admin]\nlisten = \"127.0.0.1:0\"\n[oauth]\nlisten = "
                "\"127.0.0.1:0\"\n" +
                more_config;
  constexpr std::string_view place = "{platform}";
  for (auto at = source.text.find(place); at != std::string::npos; at = source.text.find(place)) {
    source.text.replace(at, place.size(), platform.url());
  }
  auto outcome = read_config(source, environment_, 2);
  for (const auto& finding : outcome.findings) ADD_FAILURE() << finding.message;
  return *std::move(outcome.config);
}

Scene::~Scene() {
  gateway.reset();
  std::filesystem::remove_all(directory_);
}

tongs::testing::TestFit Scene::fit() const {
  tongs::testing::TestFit fit;
  fit.issued_at = Clock::system()->wall_now();
  fit.installation_id = "ari:cloud:ecosystem::installation/" + installation;
  fit.module_key = module;
  fit.api_base_url = (product.empty() ? platform.url() : product) + "/ex/jira/" + fit.cloud_id;
  return fit;
}

std::string Scene::signed_event() const {
  auto event = fit();
  event.account_id.clear();
  event.module_type = "core:endpoint";
  event.jti = std::to_string(++events_);  // Forge makes a new token for each
  if (trigger_context) return issuer.sign(event);
  std::string claims = event.json();
  const std::string key = "\"moduleKey\"";
  claims.replace(claims.find(key), key.size(), "\"otherKey\"");
  return issuer.sign(claims);
}

std::string Scene::token_until(WallTime end) {
  return "e30." + base64url_encode("{\"exp\":" + std::to_string(end.time_since_epoch().count()) + "}") + ".x";
}

HttpResponse Scene::invoke(const std::string& token, std::vector<Header> headers, std::string path,
                           std::string body) const {
  HttpRequest request{.method = "POST",
                      .url = "http://" + gateway->addresses().ingress + path,
                      .headers = std::move(headers),
                      .body = std::move(body)};
  if (!token.empty()) request.headers.push_back({"authorization", "Bearer " + token, true});
  return transport_->send(request, CallOptions::within(std::chrono::seconds(20))).value();
}

void Scene::push_system_token(const std::string& token) const {
  const auto answer = invoke(signed_event(), {{"x-forge-oauth-system", token}}, "/token-sync");
  ASSERT_EQ(answer.status, 200) << answer.body;
}

HttpResponse Scene::tell(const std::string& body) const {
  return invoke(signed_event(), {{"content-type", "application/json"}}, "/events", body);
}

HttpResponse Scene::egress(const std::string& path, const std::string& authorization, std::string method,
                           std::string body) const {
  HttpRequest request{.method = std::move(method),
                      .url = "http://" + gateway->addresses().egress + path,
                      .headers = {},
                      .body = std::move(body)};
  if (!authorization.empty()) request.headers.push_back({"forge-proxy-authorization", authorization});
  return transport_->send(request, CallOptions::within(std::chrono::seconds(20))).value();
}

std::string Scene::raw(const std::string& request) const {
  net::testing::RawPeer caller(ingress_port());
  caller.say(request);
  return caller.hear_all();
}

HttpResponse Scene::send(HttpRequest request) const {
  return transport_->send(request, CallOptions::within(std::chrono::seconds(20))).value();
}

HttpResponse Scene::get(const std::string& url, std::vector<Header> headers) const {
  return send({.method = "GET", .url = url, .headers = std::move(headers), .body = {}});
}

net::Response Scene::answer_as_platform(const Seen& request) {
  if (request.target == "/.well-known/jwks.json") {
    if (keys_down) return net::Response::text(503, "down");
    return net::Response::json(200, issuer.jwks());
  }
  if (request.target == "/graphql") {
    if (tokens_down) return net::Response::text(503, "down");
    const int number = ++offline_tokens;
    if (on_user_token) {
      if (auto instead = on_user_token()) return *std::move(instead);
    }
    return net::Response::json(
        200,
        R"({"data":{"offlineUserAuthToken":{"success":true,"errors":null,"authToken":{"token":"offline-)" +
            std::to_string(number) + R"(","ttl":3600}}}})");
  }
  if (on_trigger && (request.target.starts_with("/auth-trigger/") || request.target == "/oauth/token")) {
    return on_trigger(request);
  }
  if (unauthorized > 0) {
    --unauthorized;
    return net::Response::json(401, R"({"code":401,"message":"Unauthorized"})");
  }
  return net::Response::json(200, R"({"as":")" + request.header("authorization") + "\"}");
}

}  // namespace tongs::gateway::testing
