#pragma once
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <tongs/clock.hpp>

namespace tongs::testing {

/// The claims of a FIT as Forge documents it (contract 13.1). Change what a test is about; an empty text
/// leaves its claim out. Thread safety: const.
struct TestFit {
  std::string issuer = "forge/invocation-token";
  std::string app_id = "ari:cloud:ecosystem::app/8db33809-1f32-48bb-8c52-5877dab48107";  ///< and `aud`
  std::string installation_id = "ari:cloud:ecosystem::installation/0a3a7799-53ae-4a5b-9e7e-03338980abb5";
  std::string account_id = "655362:312d3308-8954-42b0-aa38-771a10c88656";  ///< empty: no user takes part
  std::string product = "jira";                                            ///< or `confluence`
  std::string cloud_id = "d0d52620-3203-4cfa-8db5-f2587155f0dd";
  std::string api_base_url =
      "https://api.atlassian.com/ex/jira/d0d52620-3203-4cfa-8db5-f2587155f0dd";  ///< of app and context
  std::string environment_type = "DEVELOPMENT";
  std::string environment_id =
      "ari:cloud:ecosystem::environment/8db33809-1f32-48bb-8c52-5877dab48107/"
      "aa911f10-c54b-4b93-9e27-dd2947840b9e";
  std::string module_type = "xen:macro";
  std::string module_key = "forge-remote-app-boot";
  std::optional<bool> license_active;  ///< nothing: no `app.license`
  std::string ic_label;
  WallTime issued_at{std::chrono::seconds(1'700'175'149)};  ///< and `nbf`
  std::chrono::seconds life{25};
  std::string jti = "d8a496253ec8c18a54631e4c82cbedd5d0ae8570";

  /// The payload.
  std::string json() const;
};

/// Plays the platform's signer: real RS256 keys, so that a test takes the way that production takes.
/// Thread safety: const.
class TestIssuer {
 public:
  /// Makes a key pair, which takes about a tenth of a second. Throws BadResult if OpenSSL fails.
  TestIssuer();
  TestIssuer(TestIssuer&&) noexcept;
  TestIssuer& operator=(TestIssuer&&) noexcept;
  ~TestIssuer();

  /// The name of the key that signs now, in Forge's form (contract 2.1.1).
  const std::string& kid() const noexcept;
  /// The published keys (RFC 7517 5), the newest last.
  std::string jwks() const;

  /// From now on a new key signs. The ones before stay published.
  void rotate();
  /// Only the key that signs now stays published.
  void withdraw_old_keys();

  /// A compact JWS by the key that signs now.
  std::string sign(const TestFit& fit) const;
  std::string sign(std::string_view claims_json) const;
  /// Signs whatever it is given, for tests of what must be refused.
  std::string sign(std::string_view header_json, std::string_view claims_json) const;
  /// The JOSE header of the first two.
  std::string header() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tongs::testing
