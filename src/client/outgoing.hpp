#pragma once
#include <string_view>

#include <tongs/adapter.hpp>
#include <tongs/http.hpp>
#include <tongs/result.hpp>

#include "http/url.hpp"

namespace tongs::detail {

/// An HttpRequest on its way. The values of its sensitive headers are wiped when it ends.
class Outgoing {
 public:
  explicit Outgoing(HttpRequest request) noexcept : request_(std::move(request)) {}
  Outgoing(Outgoing&&) noexcept = default;
  Outgoing(const Outgoing&) = delete;
  Outgoing& operator=(Outgoing&&) = delete;
  Outgoing& operator=(const Outgoing&) = delete;
  ~Outgoing();

  /// Adds `name: <scheme><credential>`. Errors: invalid_argument, if a byte of the credential cannot stand in
  /// a header.
  Result<void> authorise(std::string_view name, std::string_view scheme, std::string_view credential);

  const HttpRequest& request() const noexcept { return request_; }

 private:
  HttpRequest request_;
};

/// `request` addressed below `base` and with its default headers (`accept` and, with a body, `content-type`),
/// but not authorised. Errors: invalid_argument (a path parameter, or a header that only adapters and
/// transports set).
Result<Outgoing> address(const Url& base, const ApiRequest& request);

}  // namespace tongs::detail
