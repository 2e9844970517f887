#include "gateway/egress/upstreams.hpp"

#include <utility>

#include "http/url.hpp"

namespace tongs::gateway {

namespace {

constexpr std::size_t kRemembered = 4096;

/// `query`: empty, or with its `?`.
Result<std::string> with_query(const detail::Url& url, std::string_view query) {
  std::string text = url.text();
  if (query.empty()) return text;
  text.append(1, url.query.empty() ? '?' : '&').append(query.substr(1));
  return detail::parse_url(text).transform([](const detail::Url& whole) { return whole.text(); });
}

}  // namespace

Result<Upstreams::Base> Upstreams::base_of(const vault::Installation& installation, Api api) const {
  std::string text;
  if (api == Api::graphql || api == Api::storage) {
    auto graphql = broker_.graphql_url(installation);
    if (!graphql) return std::move(graphql).error();
    text = *std::move(graphql);
  } else {
    const auto base = product_base(installation, api);
    if (!base) return base.error();
    text = *base;
  }
  auto url = api == Api::graphql ? detail::parse_url(text) : detail::parse_base_url(text);
  if (!url || !detail::is_https_or_loopback(*url)) {
    return Error(Errc::not_found, "the installation has no usable address of this API");
  }
  if (api == Api::storage) {  // at the same host (contract 3.4.4)
    url->path = "/forge/storage/kvs/v1";
    url->query.clear();
  }
  auto endpoint = net::parse_endpoint(url->text());
  if (!endpoint) return std::move(endpoint).error();
  const std::size_t origin = detail::origin(*url).size();
  return Base{*std::move(url), origin, std::move(endpoint->to)};
}

Result<net::Endpoint> Upstreams::find(const std::shared_ptr<const vault::Installation>& installation,
                                      Place place) {
  if (known_.size() >= kRemembered) known_.clear();
  Known& known = known_[installation->id];
  if (known.of != installation) known = {installation, {}};
  auto& base = known.bases[static_cast<std::size_t>(place.api)];
  if (!base) {
    auto made = base_of(*installation, place.api);
    if (!made) return std::move(made).error();
    base = *std::move(made);
  }
  if (detail::has_control_character(place.target.substr(0, place.target.find('?')))) {
    return Error(Errc::invalid_argument, "the path has an encoded control character");
  }
  auto url =
      place.api == Api::graphql ? with_query(base->url, place.target) : detail::join(base->url, place.target);
  if (!url) return std::move(url).error();
  return net::Endpoint{base->to, url->substr(base->origin)};
}

}  // namespace tongs::gateway
