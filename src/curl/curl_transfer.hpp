#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <tongs/curl_transport.hpp>
#include <tongs/error.hpp>
#include <tongs/http.hpp>
#include <tongs/result.hpp>

#include "http/url.hpp"

namespace tongs::detail {

/// One request and its answer as libcurl sees them: everything that an easy handle points to while it runs.
/// Thread safety: none.
class CurlTransfer {
 public:
  /// Sets up `easy`, a clean CURL handle. Borrows all of its arguments; the handle must be reset before this
  /// object ends.
  CurlTransfer(void* easy, const HttpRequest& request, const Url& url, const CurlOptions& options);
  CurlTransfer(const CurlTransfer&) = delete;
  CurlTransfer& operator=(const CurlTransfer&) = delete;
  ~CurlTransfer();

  /// The answer, once. Only after the transfer ended well for libcurl. Errors: transport_failed, if it is not
  /// whole all the same.
  Result<HttpResponse> response();
  /// The Error for a CURLcode that it ended with.
  Error explain(int code) const;

 private:
  struct HeaderList;
  struct Callbacks;

  void set_destination(const Url& url);
  void set_proxy(bool is_this_machine);
  void set_connection();
  void set_request();
  void set_callbacks();
  bool keep(const char* data, std::size_t size);

  void* easy_;
  const HttpRequest& request_;
  const CurlOptions& options_;
  std::unique_ptr<HeaderList> headers_;
  bool decompresses_ = false;
  std::string body_;
  std::size_t head_bytes_ = 0;
  bool head_is_whole_ = false;
  int times_sent_ = 0;
  bool too_large_ = false;
};

}  // namespace tongs::detail
