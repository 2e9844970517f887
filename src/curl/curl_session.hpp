#pragma once
#include <memory>

#include <tongs/call_options.hpp>
#include <tongs/curl_transport.hpp>
#include <tongs/http.hpp>
#include <tongs/result.hpp>

#include "http/url.hpp"

namespace tongs::detail {

/// One transfer at a time, and the connections that are kept between them.
/// Thread safety: none.
class CurlSession {
 public:
  /// Null if libcurl has no memory left.
  static std::unique_ptr<CurlSession> create();
  ~CurlSession();

  /// `request` has been checked, and `url` is its parsed URL.
  Result<HttpResponse> perform(const HttpRequest& request, const Url& url, const CurlOptions& options,
                               const CallOptions& call);

 private:
  struct Handles;
  explicit CurlSession(std::unique_ptr<Handles> handles) noexcept;
  std::unique_ptr<Handles> handles_;
};

}  // namespace tongs::detail
