#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <tongs/curl_transport.hpp>
#include <tongs/testing/test_issuer.hpp>

#include "common/config/load.hpp"
#include "gateway/gateway.hpp"
#include "support/witness.hpp"

namespace tongs::gateway::testing {

using test::Seen;
using test::Witness;

/// A gateway between a caller, a backend and a platform that the test plays.
class Scene {
 public:
  explicit Scene(const std::string& more_config = {}, Witness::Answer backend = {},
                 const config::Environment& environment = {});
  ~Scene();

  /// Starts another gateway of the same configuration, after the one before has ended.
  void start() { gateway = Gateway::start(config(more_config_)).value(); }
  /// Where the gateway's files are.
  const std::string& directory() const { return directory_; }

  tongs::testing::TestFit fit() const;
  std::string signed_fit() const { return issuer.sign(fit()); }
  /// A FIT of an event: no user takes part.
  std::string signed_event() const;
  /// A JWT that ends then.
  static std::string token_until(WallTime end);

  HttpResponse invoke(const std::string& token, std::vector<Header> headers = {}, std::string path = "/panel",
                      std::string body = "{}") const;
  /// Brings a system token into the vault the way the platform does.
  void push_system_token(const std::string& token) const;
  /// Sends a trigger's body; what the gateway answers.
  HttpResponse tell(const std::string& body) const;
  HttpResponse egress(const std::string& path, const std::string& authorization, std::string method = "GET",
                      std::string body = {}) const;
  std::uint16_t ingress_port() const { return port_of(gateway->addresses().ingress); }
  std::uint16_t egress_port() const { return port_of(gateway->addresses().egress); }
  /// What the ingress answers to these bytes, until it closes.
  std::string raw(const std::string& request) const;
  /// What `more_config`, in which `{platform}` is the platform's URL, and the places of this scene mean.
  gateway::Config config(const std::string& more_config) const;
  /// A file that ends with the scene.
  std::string file(const std::string& name) const { return directory_ + "/" + name; }
  HttpResponse send(HttpRequest request) const;
  HttpResponse get(const std::string& url, std::vector<Header> headers = {}) const;

  tongs::testing::TestIssuer issuer;
  std::atomic<bool> keys_down{false};
  std::atomic<bool> tokens_down{false};
  std::atomic<int> offline_tokens{0};  ///< how many the platform was asked for
  std::atomic<int> unauthorized{0};    ///< so many of the next product calls answer 401
  std::string product;                 ///< its API is there; empty: at the platform
  std::string installation = "0a3a7799-53ae-4a5b-9e7e-03338980abb5";
  std::string module = "forge-remote-app-boot";
  bool trigger_context = true;  ///< does the FIT of an event prove that it is one?
  Witness::Answer on_trigger;   ///< of the auth trigger and the token endpoint
  /// Before a user's token is given; an answer takes its place.
  std::function<std::optional<net::Response>()> on_user_token;
  Witness platform;  ///< JWKS, GraphQL and product API
  Witness backend;
  std::unique_ptr<Gateway> gateway;

 private:
  static std::uint16_t port_of(const std::string& address) {
    return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
  }
  net::Response answer_as_platform(const Seen& request);
  std::shared_ptr<const Transport> transport_;
  std::string directory_;
  mutable std::atomic<int> events_{0};
  std::string more_config_;
  config::Environment environment_;
};

}  // namespace tongs::gateway::testing
