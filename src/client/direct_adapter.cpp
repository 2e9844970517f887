#include <utility>

#include <tongs/adapter.hpp>

#include "client/outgoing.hpp"
#include "client/redirect.hpp"
#include "client/system_token.hpp"
#include "http/url.hpp"

namespace tongs {

namespace {

class DirectAdapter final : public Adapter {
 public:
  DirectAdapter(DirectAdapterOptions options, detail::Url base)
      : product_(options.product),
        base_(std::move(base)),
        transport_(std::move(options.transport)),
        credentials_(std::move(options.credentials)) {}

  Product product() const noexcept override { return product_; }

  Result<HttpResponse> send(const ApiRequest& request, const Identity& as,
                            const CallOptions& call) const override {
    if (const auto* user = std::get_if<AsUser>(&as)) {
      if (user->token == nullptr) return Error(Errc::invalid_argument, "a call as the user needs his token");
      return send_with(user->token->reveal(), request, call);
    }
    if (const auto* user = std::get_if<AsOfflineUser>(&as)) {
      return send_with(user->token.reveal(), request, call);
    }
    if (credentials_ == nullptr) {
      return Error(Errc::invalid_argument, "this adapter has no credentials: it cannot call as the app");
    }
    return detail::with_system_token(
        *credentials_, [&](const SystemToken& token) { return send_with(token.reveal(), request, call); });
  }

  bool reject(const Identity&) const override { return false; }

  Result<HttpResponse> fetch(const std::string& url, const CallOptions& call) const override {
    return detail::fetch_redirected(*transport_, base_, url, call);
  }

 private:
  Result<HttpResponse> send_with(std::string_view token, const ApiRequest& request,
                                 const CallOptions& call) const {
    auto outgoing = detail::address(base_, request);
    if (!outgoing) return outgoing.error();
    if (auto fine = outgoing->authorise("authorization", "Bearer ", token); !fine) return fine.error();
    return transport_->send(outgoing->request(), call);
  }

  Product product_;
  detail::Url base_;
  std::shared_ptr<const Transport> transport_;
  std::shared_ptr<InstallationCredentials> credentials_;
};

}  // namespace

Result<std::shared_ptr<const Adapter>> direct_adapter(DirectAdapterOptions options) {
  if (options.transport == nullptr) return Error(Errc::invalid_argument, "an adapter needs a transport");
  auto base = detail::parse_base_url(options.api_base_url);
  if (!base) return base.error();
  return std::shared_ptr<const Adapter>(
      std::make_shared<DirectAdapter>(std::move(options), std::move(*base)));
}

}  // namespace tongs
