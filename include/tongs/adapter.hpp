#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <tongs/call_options.hpp>
#include <tongs/http.hpp>
#include <tongs/ids.hpp>
#include <tongs/installation.hpp>
#include <tongs/result.hpp>
#include <tongs/token.hpp>

namespace tongs {

enum class Product : std::uint8_t { jira, confluence, bitbucket };
std::string_view to_string(Product product) noexcept;

/// A call to a product API before it is addressed: nothing in it is encoded yet, nothing in it is a
/// credential.
struct ApiRequest {
  std::string method = "GET";
  /// A literal with parameters in braces, such as `/rest/api/3/issue/{issueIdOrKey}`. Never put data into it.
  std::string path = {};
  /// Values for the braces, by name. Each is percent-encoded as one segment (RFC 3986 3.3); `.` and `..` are
  /// refused.
  std::vector<std::pair<std::string, std::string>> path_parameters = {};
  /// In this order; a name may stand more than once.
  std::vector<std::pair<std::string, std::string>> query = {};
  /// `authorization`, `forge-proxy-authorization`, `host` and framing headers are refused here.
  std::vector<Header> headers = {};
  /// Sent as it is, with `content-type: application/json` unless a header says otherwise.
  std::optional<std::string> body = {};
  /// May be repeated after a failure although its method is not idempotent (a POST that only reads).
  bool idempotent = false;
};

/// In whose name a call is made.
struct AsApp {};
/// The user who takes part in the invocation: his token came with it (`x-forge-oauth-user`) and ends with it.
struct AsUser {
  std::shared_ptr<const Secret> token = {};
};
/// A user who is not there.
struct AsOfflineUser {
  AccessToken token;
};
using Identity = std::variant<AsApp, AsUser, AsOfflineUser>;

/// How a request is addressed and authorised.
/// Thread safety: any.
class Adapter {
 public:
  virtual ~Adapter() = default;
  virtual Product product() const noexcept = 0;
  /// One attempt, or one more if the app system token that a 401 refused had been replaced meanwhile. An
  /// answer of any status is a value. Errors: invalid_argument (a parameter missing or unsafe), rejected (no
  /// live system token), and those of the transport.
  virtual Result<HttpResponse> send(const ApiRequest& request, const Identity& as,
                                    const CallOptions& call) const = 0;
  /// The peer refused `as` with 401. True if another credential may now be tried. Adapters that ask for their
  /// credential at each `send` have nothing to add: false.
  virtual bool reject(const Identity& as) const = 0;
  /// GET of a place that an answer redirected to, such as the media store with a file: without any credential
  /// and only over https, or at the very origin of the API. An answer of any status is a value. Errors:
  /// malformed_response (a place that is not to be called), invalid_argument (this adapter follows nothing),
  /// and those of the transport.
  virtual Result<HttpResponse> fetch(const std::string& url, const CallOptions& call) const;
};

/// The documented Remote contract (contract 3.4): `Authorization: Bearer` to `app.apiBaseUrl`.
struct DirectAdapterOptions {
  Product product = Product::jira;
  /// `apiBaseUrl` of the installation's context, such as `https://api.atlassian.com/ex/jira/<cloudId>`.
  std::string api_base_url = {};
  std::shared_ptr<const Transport> transport = {};
  /// For calls as the app; may be null if there are none.
  std::shared_ptr<InstallationCredentials> credentials = {};
};
/// Errors: invalid_argument (no transport, a URL that is neither https nor loopback).
Result<std::shared_ptr<const Adapter>> direct_adapter(DirectAdapterOptions options);

/// An egress proxy that injects tokens: the grammar of Forge Containers (contract 6.1), as `tongs gateway`
/// speaks it too. `forge-proxy-authorization: Forge as=…,installationId=…[,accountId=…]` to
/// `<proxy_url>/jira/…`.
struct ProxyAdapterOptions {
  Product product = Product::jira;
  std::string proxy_url;
  InstallationId installation;
  std::shared_ptr<const Transport> transport;
  /// Containers name the invocation instead of the installation when there is one. Empty: the installation.
  std::string invocation_id = {};
  /// The seed's form (contract 6.2): the system token goes along as `token=`. Null: the proxy holds the
  /// tokens.
  std::shared_ptr<InstallationCredentials> credentials = nullptr;
};
/// Errors: invalid_argument.
Result<std::shared_ptr<const Adapter>> proxy_adapter(ProxyAdapterOptions options);

}  // namespace tongs
