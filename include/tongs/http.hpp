#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <tongs/call_options.hpp>
#include <tongs/result.hpp>

namespace tongs {

/// One header field. Names compare without regard to case (RFC 9110 5.1).
struct Header {
  std::string name = {};
  std::string value = {};
  /// Holds a credential: no log, trace or recording shows its value.
  bool sensitive = false;
};

/// A request as a Transport sends it: already addressed, authorised and encoded.
struct HttpRequest {
  std::string method = "GET";
  std::string url = {};  ///< absolute, percent-encoded
  std::vector<Header> headers = {};
  std::string body = {};
};

/// An answer of any status.
struct HttpResponse {
  int status = 0;
  std::vector<Header> headers = {};
  std::string body = {};

  /// The first value of that name, or an empty view. Valid as long as this object is unchanged.
  std::string_view header(std::string_view name) const noexcept;
};

/// Are two header names the same?
bool same_header_name(std::string_view a, std::string_view b) noexcept;

/// Carries one request to one answer. It decides nothing: no retry, no redirect, no credential of its own.
/// Thread safety: any.
class Transport {
 public:
  virtual ~Transport() = default;
  /// An answer of any status is a value; an Error means that there was none.
  /// Errors: cancelled, deadline_exceeded, transport_failed, malformed_response (too large, or not HTTP),
  /// invalid_argument (a URL or header that must not be sent).
  virtual Result<HttpResponse> send(const HttpRequest& request, const CallOptions& call) const = 0;
};

/// Where background work runs. Tongs starts no thread of its own.
/// Thread safety: any.
class Executor {
 public:
  virtual ~Executor() = default;
  /// Runs `job` once, later, on some thread; never inside this call.
  virtual void post(std::function<void()> job) = 0;
};

}  // namespace tongs
