#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tongs/adapter.hpp>
#include <tongs/clock.hpp>
#include <tongs/installation.hpp>

#include "auth/token_text.hpp"
#include "gateway/egress/proxy_authorization.hpp"
#include "http/ascii.hpp"

using namespace tongs;
using gateway::ProxyAuthorization;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

bool same(const ProxyAuthorization& a, const ProxyAuthorization& b) {
  return a.as_user == b.as_user && a.installation == b.installation && a.account == b.account &&
         a.invocation_id == b.invocation_id && a.token == b.token;
}

void require_meaning(std::string_view value, const ProxyAuthorization& meant) {
  const auto parsed = ProxyAuthorization::parse(value);
  require(parsed.has_value() && same(*parsed, meant));
}

/// Nothing that was taken could end its field, or its line, where it is written down again.
void check_parts(const ProxyAuthorization& taken) {
  require(taken.installation || !taken.invocation_id.empty());
  require(taken.as_user || !taken.account);
  require(!taken.installation || detail::is_sendable_token(taken.installation->bare()));
  require(!taken.account || detail::is_sendable_token(taken.account->str()));
  require(taken.invocation_id.empty() || detail::is_sendable_token(taken.invocation_id));
  require(taken.token.empty() || detail::is_sendable_token(taken.token.reveal()));
}

std::vector<std::string> fields_of(const ProxyAuthorization& taken) {
  std::vector<std::string> fields{taken.as_user ? "as=user" : "as=app"};
  if (taken.installation) fields.push_back("installationId=" + std::string(taken.installation->bare()));
  if (taken.account) fields.push_back("accountId=" + taken.account->str());
  if (!taken.invocation_id.empty()) fields.push_back("id=" + taken.invocation_id);
  if (!taken.token.empty()) fields.push_back("token=" + std::string(taken.token.reveal()));
  return fields;
}

template <class Fields>
std::string joined(const Fields& fields) {
  std::string value = "Forge ";
  for (const auto& field : fields) value.append(value.ends_with(' ') ? "" : ",").append(field);
  return value;
}

/// Every field that stands there was taken for what it says, and nothing else was, but for `as=app`, which
/// need not be said. Their order does not matter.
void check_fields(std::string_view value, const ProxyAuthorization& taken) {
  std::vector<std::string_view> stand;
  for (auto rest = value.substr(value.find(' ') + 1);; rest.remove_prefix(rest.find(',') + 1)) {
    stand.push_back(detail::trim(rest.substr(0, rest.find(','))));
    if (rest.find(',') == std::string_view::npos) break;
  }
  auto meant = fields_of(taken);
  for (const std::string_view field : stand) {
    constexpr std::string_view ari = "installationId=ari:cloud:ecosystem::installation/";
    const bool whole = field.starts_with(ari);
    require(std::erase(meant, whole ? "installationId=" + std::string(field.substr(ari.size())) : field) ==
            1);
  }
  require(meant.empty() || (meant.size() == 1 && meant.front() == "as=app"));
  std::reverse(stand.begin(), stand.end());
  require_meaning(joined(stand), taken);
}

/// No field may stand twice, whatever the second one says, and none may be unknown.
void check_nothing_fits_behind(const std::string& value) {
  for (const char* more : {",as=app", ",as=user", ",accountid=a", ",AS=app", ",", ",=", ",as", ", x=y"}) {
    require(!ProxyAuthorization::parse(value + more));
  }
}

/// Keeps the header instead of sending it.
class HeaderCatcher final : public Transport {
 public:
  Result<HttpResponse> send(const HttpRequest& request, const CallOptions&) const override {
    for (const Header& header : request.headers) {
      if (header.name == "forge-proxy-authorization") caught = header.value;
    }
    return HttpResponse{.status = 200, .headers = {}, .body = {}};
  }
  mutable std::string caught;
};

std::shared_ptr<InstallationCredentials> credentials_with(const Secret& token,
                                                          const InstallationId& installation) {
  if (token.empty()) return nullptr;
  auto credentials = std::make_shared<InstallationCredentials>(installation);
  require(credentials->offer(token.duplicate(), Clock::system()->wall_now() + std::chrono::hours(1)));
  return credentials;
}

Identity identity_of(const ProxyAuthorization& taken) {
  if (!taken.as_user) return AsApp{};
  if (!taken.account) return AsUser{};
  return AsOfflineUser{AccessToken(*taken.account, Secret("t"), WallTime::max())};
}

/// What the SDK's adapter writes for the same caller means the same. It says less: an installation or an
/// invocation, and of an invocation's id less than all visible characters.
void check_adapter(const ProxyAuthorization& taken) {
  if (taken.installation && !taken.invocation_id.empty()) return;
  const auto installation = taken.installation ? *taken.installation : *InstallationId::parse("any");
  const auto transport = std::make_shared<HeaderCatcher>();
  const auto adapter = proxy_adapter({.product = Product::jira,
                                      .proxy_url = "http://127.0.0.1:7072",
                                      .installation = installation,
                                      .transport = transport,
                                      .invocation_id = taken.invocation_id,
                                      .credentials = credentials_with(taken.token, installation)});
  if (!adapter) return require(!taken.invocation_id.empty());
  const bool sent = (*adapter)->send({.path = "/"}, identity_of(taken), {}).has_value();
  const bool nobody_says_which_user = taken.as_user && !taken.account && taken.installation;
  require(sent != nobody_says_which_user);
  if (sent) require_meaning(transport->caught, taken);
}

/// What can be sent arrives as it is.
void check_data(std::string_view text) {
  if (!detail::is_sendable_token(text)) return;
  const std::string value(text);
  const auto taken = ProxyAuthorization::parse("Forge token=" + value + ",id=" + value);
  require(taken.has_value() && taken->token.reveal() == text && taken->invocation_id == text);
}

}  // namespace

/// A caller who is let in is the same one however his header is written down again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view value(reinterpret_cast<const char*>(data), size);
  check_data(value);
  const auto taken = ProxyAuthorization::parse(value);
  if (!taken) {
    require(taken.error().code() == Errc::invalid_argument && !taken.error().message().empty());
    return 0;
  }
  check_parts(*taken);
  check_fields(value, *taken);
  require_meaning(joined(fields_of(*taken)), *taken);
  check_nothing_fits_behind(joined(fields_of(*taken)));
  check_adapter(*taken);
  return 0;
}
