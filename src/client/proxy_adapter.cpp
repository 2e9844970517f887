#include <algorithm>
#include <string>
#include <utility>

#include <tongs/adapter.hpp>
#include <tongs/secret.hpp>

#include "client/outgoing.hpp"
#include "client/redirect.hpp"
#include "client/system_token.hpp"
#include "http/ascii.hpp"
#include "http/url.hpp"

namespace tongs {

namespace {

using detail::Outgoing;

constexpr std::string_view kProxyAuthorization = "forge-proxy-authorization";

/// Fields of the grammar are split at `,` and then at the first `=`; nothing is quoted (contract 6.1.4).
bool is_field_content(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return detail::is_letter_or_digit(c) || std::string_view("-_.:~/+@").find(c) != std::string_view::npos;
  });
}

class ProxyAdapter final : public Adapter {
 public:
  ProxyAdapter(ProxyAdapterOptions options, detail::Url base)
      : product_(options.product),
        base_(std::move(base)),
        names_invocation_(!options.invocation_id.empty()),
        context_(names_invocation_ ? "id=" + options.invocation_id
                                   : "installationId=" + std::string(options.installation.bare())),
        transport_(std::move(options.transport)),
        credentials_(std::move(options.credentials)) {}

  Product product() const noexcept override { return product_; }

  Result<HttpResponse> send(const ApiRequest& request, const Identity& as,
                            const CallOptions& call) const override {
    if (std::holds_alternative<AsUser>(as) && !names_invocation_) {
      return Error(
          Errc::invalid_argument,
          "the proxy knows the user of an invocation by its id: set invocation_id, or call as an offline "
          "user");
    }
    if (credentials_ == nullptr) return send_with(nullptr, request, as, call);
    return detail::with_system_token(
        *credentials_, [&](const SystemToken& token) { return send_with(&token, request, as, call); });
  }

  bool reject(const Identity&) const override { return false; }

  Result<HttpResponse> fetch(const std::string& url, const CallOptions& call) const override {
    return detail::fetch_redirected(*transport_, base_, url, call);
  }

 private:
  std::string fields(const Identity& as) const {
    if (std::holds_alternative<AsApp>(as)) return "as=app," + context_;
    if (std::holds_alternative<AsUser>(as)) return "as=user," + context_;
    return "as=user,accountId=" + std::get<AsOfflineUser>(as).token.account().str() + ',' + context_;
  }

  Result<HttpResponse> send_with(const SystemToken* token, const ApiRequest& request, const Identity& as,
                                 const CallOptions& call) const {
    auto outgoing = detail::address(base_, request);
    if (!outgoing) return outgoing.error();
    if (auto fine = authorise(*outgoing, token, as); !fine) return fine.error();
    return transport_->send(outgoing->request(), call);
  }

  Result<void> authorise(Outgoing& outgoing, const SystemToken* token, const Identity& as) const {
    if (token == nullptr) return outgoing.authorise(kProxyAuthorization, "Forge ", fields(as));
    if (token->reveal().find(',') != std::string_view::npos) {
      return Error(Errc::invalid_argument,
                   "the app system token holds a comma, which no field of the proxy may");
    }
    if (auto fine =
            outgoing.authorise(kProxyAuthorization, "Forge " + fields(as) + ",token=", token->reveal());
        !fine) {
      return fine;
    }
    const auto* user = std::get_if<AsOfflineUser>(&as);
    if (user == nullptr) return {};
    return outgoing.authorise("authorization", "Bearer ", user->token.reveal());
  }

  Product product_;
  detail::Url base_;
  bool names_invocation_;
  std::string context_;  ///< the field that says on whose behalf the proxy acts
  std::shared_ptr<const Transport> transport_;
  std::shared_ptr<InstallationCredentials> credentials_;
};

}  // namespace

Result<std::shared_ptr<const Adapter>> proxy_adapter(ProxyAdapterOptions options) {
  if (options.transport == nullptr) return Error(Errc::invalid_argument, "an adapter needs a transport");
  if (!is_field_content(options.invocation_id)) {
    return Error(Errc::invalid_argument, "an invocation id has letters, digits or -_.:~/+@ and nothing else");
  }
  if (options.credentials != nullptr && options.credentials->installation() != options.installation) {
    return Error(Errc::invalid_argument, "the credentials belong to another installation");
  }
  auto proxy = detail::parse_base_url(options.proxy_url);
  if (!proxy) return proxy.error();
  auto base = detail::join(*proxy, '/' + std::string(to_string(options.product)));
  if (!base) return base.error();
  auto base_url = detail::parse_base_url(*base);
  if (!base_url) return base_url.error();
  return std::shared_ptr<const Adapter>(
      std::make_shared<ProxyAdapter>(std::move(options), std::move(*base_url)));
}

}  // namespace tongs
