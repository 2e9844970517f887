#pragma once
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include <tongs/call_options.hpp>
#include <tongs/http.hpp>
#include <tongs/result.hpp>

namespace tongs {

struct CurlOptions {
  /// Longest time to resolve, connect and shake hands. Default 5 s. The whole call is limited by its deadline
  /// alone.
  std::chrono::milliseconds connect_timeout{5000};
  /// A longer body, after decompression, is malformed_response. Default 64 MiB.
  std::size_t max_response_bytes = std::size_t{64} * 1024 * 1024;
  /// Default `tongs`. Empty: none is sent.
  std::string user_agent = "tongs";
  /// Such as `http://proxy.example.com:3128`. Default: none, whatever the environment says. Never used for
  /// hosts of this machine (`localhost`, 127.0.0.0/8, ::1).
  std::string proxy = {};
  /// Obeys `https_proxy`, `http_proxy`, `all_proxy` and `no_proxy`; `proxy`, if set, still comes first. Hosts
  /// of this machine need no entry in `no_proxy`.
  bool proxy_from_environment = false;
  /// A PEM file of the only certificate authorities to be trusted. Empty: those of the system.
  std::string ca_file = {};
  /// Offers HTTP/2 on TLS.
  bool http2 = true;
  /// Idle handles, each with its connections, that are kept for later calls. Default 16.
  std::size_t max_idle = 16;
  /// Connects to this socket of the machine instead of to the host of the URL. Empty: no.
  std::string unix_socket = {};
};

/// A Transport on libcurl: HTTP/1.1 and HTTP/2, TLS 1.2 and later with the certificate always checked,
/// connections kept alive between calls, compressed answers decompressed.
///
/// What libcurl would do beyond one request and one answer is off: no redirect, cookie, netrc or verbose log,
/// and no request that is not idempotent is sent a second time. Its buffers are wiped when it frees them, if
/// this class is the first in the process to initialise libcurl.
///
/// A stop or a deadline ends a call at once, in whatever hop it is. Errors: as Transport; the message of
/// transport_failed names the hop. Lifetime: outlives its calls. Thread safety: any.
class CurlTransport final : public Transport {
 public:
  /// No I/O but a look at `ca_file`. Errors: invalid_argument (a file that cannot be read), internal (libcurl
  /// cannot be used).
  static Result<std::shared_ptr<CurlTransport>> create(CurlOptions options = {});
  ~CurlTransport() override;

  Result<HttpResponse> send(const HttpRequest& request, const CallOptions& call) const override;

 private:
  struct Impl;
  explicit CurlTransport(std::unique_ptr<Impl> impl) noexcept;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tongs
