#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "common/net/reactor.hpp"
#include "common/net/transport.hpp"
#include "gateway/egress/place.hpp"
#include "gateway/egress/upstreams.hpp"
#include "http/ascii.hpp"
#include "support/passive_sources.hpp"

using namespace tongs;
using namespace tongs::gateway;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

/// Nobody is asked for anything.
class NoPlatform final : public AsyncTransport {
 public:
  Task<Result<HttpResponse>> send(HttpRequest, MonoTime) override {
    co_return Error(Errc::transport_failed, "there is no platform");
  }
};

/// An installation whose APIs are each at a host of their own, which says whose and what it is.
std::shared_ptr<const vault::Installation> installation(const std::string& name) {
  const auto at = [&](const std::string& product) {
    return vault::ProductContext{.name = product,
                                 .api_base_url = "https://" + product + "." + name + ".example/ex/" + product,
                                 .cloud_id = name,
                                 .workspace_id = {}};
  };
  return std::make_shared<const vault::Installation>(
      vault::Installation{.id = InstallationId::parse(name).value(),
                          .app = AppId::parse("8db33809-1f32-48bb-8c52-5877dab48107").value(),
                          .contexts = {at("jira"), at("confluence"), at("bitbucket")},
                          .api_base_url = "https://platform." + name + ".example/ex/jira/c-1"});
}

struct World {
  net::Reactor reactor;
  testing::PassiveBroker broker{reactor,
                                {},
                                vault::Vault::open({.url = "memory:"}).value(),
                                std::make_shared<NoPlatform>(),
                                Clock::system()};
  Upstreams warm{*broker};
  std::array<std::shared_ptr<const vault::Installation>, 2> tenants{installation("one"), installation("two")};
};

World& world() {
  static auto* const made = new World;
  return *made;
}

/// Said once more, for the oracle: where an API is, and under which path.
struct Home {
  std::string host, path;
};
Home home_of(const std::string& tenant, Api api) {
  const std::string platform = "platform." + tenant + ".example";
  if (api == Api::graphql) return {platform, "/graphql"};
  if (api == Api::storage) return {platform, "/forge/storage/kvs/v1"};
  const std::string product(to_string(api));
  return {product + "." + tenant + ".example", "/ex/" + product};
}

/// As long as something in it is encoded: servers differ in how often they decode, and in what they leave as
/// it is.
std::string decoded(std::string text) {
  for (std::size_t at = 0; at + 2 < text.size();) {
    const int high = detail::hex_value(text[at + 1]), low = detail::hex_value(text[at + 2]);
    if (text[at] != '%' || high < 0 || low < 0) {
      ++at;
      continue;
    }
    text.replace(at, 3, 1, static_cast<char>(high * 16 + low));
    at = at < 2 ? 0 : at - 2;  // it may be a part of another one now
  }
  return text;
}

bool has_dots(std::string_view path) {
  while (true) {
    const std::size_t end = path.find_first_of("/\\");
    const std::string_view segment = path.substr(0, end);
    const std::string_view name = segment.substr(0, segment.find(';'));  // what is behind it some pass over
    if (name == "." || name == "..") return true;
    if (end == std::string_view::npos) return false;
    path.remove_prefix(end + 1);
  }
}

/// The call stays with its tenant, its host and below its path, however somebody reads the target.
void check(const std::string& tenant, const Place& place, const net::Endpoint& to) {
  const Home home = home_of(tenant, place.api);
  require(to.to.tls && to.to.host == home.host && to.to.port == 443 && to.to.unix_path.empty());
  require(to.target.starts_with(home.path));
  const std::string_view behind = std::string_view(to.target).substr(home.path.size());
  require(behind == place.target && (behind.empty() || behind.front() == '/' || behind.front() == '?'));
  for (const char c : to.target) require(c > ' ' && c <= '~' && c != '#' && c != '\\');
  const std::string path = to.target.substr(0, to.target.find('?'));
  require(!has_dots(decoded(path)));
  for (const char c : decoded(path)) require(static_cast<unsigned char>(c) >= ' ' && c != '\x7f');
  const auto again = net::parse_endpoint("https://" + home.host + to.target);
  require(again && again->to == to.to && again->target.starts_with(home.path));
}

}  // namespace

/// A request target leads to the API that it begins with, of the installation in whose name the call is made,
/// or nowhere.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string target(reinterpret_cast<const char*>(data), size);
  const auto place = place_of(target);
  if (!place) return 0;
  require(target.ends_with(place->target));
  require(!refused_place(target.substr(0, target.find('?'))));
  for (const auto& tenant : world().tenants) {
    Upstreams cold(*world().broker);
    const auto first = cold.find(tenant, *place), later = world().warm.find(tenant, *place);
    require(first.has_value() == later.has_value());
    if (!first) {
      require(first.error().code() == Errc::invalid_argument);
      continue;
    }
    require(first->to.host == later->to.host && first->target == later->target);
    check(std::string(tenant->id.bare()), *place, *first);
  }
  return 0;
}
