#pragma once
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "common/net/transport.hpp"
#include "gateway/broker/broker.hpp"
#include "gateway/egress/place.hpp"
#include "http/url.hpp"

namespace tongs::gateway {

/// The hosts that an installation's tokens may go to: those of its own products, and the platform's. Nothing
/// of a request reaches host or port, and its path stays below the base of the API. Remembers what the bases
/// of an installation mean. Thread safety: none.
class Upstreams {
 public:
  explicit Upstreams(const Broker& broker) : broker_(broker) {}

  /// Errors: not_found (not installed in that product), invalid_argument (a path that could lead out of the
  /// API, or is none; a base URL that is none).
  Result<net::Endpoint> find(const std::shared_ptr<const vault::Installation>& installation, Place place);

 private:
  struct Base {
    detail::Url url;
    std::size_t origin = 0;  ///< length of scheme, host and port
    net::Destination to;
  };
  struct Known {
    std::shared_ptr<const vault::Installation> of;
    std::array<std::optional<Base>, kApis> bases;
  };
  Result<Base> base_of(const vault::Installation& installation, Api api) const;

  const Broker& broker_;
  std::unordered_map<InstallationId, Known> known_;
};

}  // namespace tongs::gateway
