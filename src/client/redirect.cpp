#include "client/redirect.hpp"

#include <tongs/adapter.hpp>

namespace tongs {

Result<HttpResponse> Adapter::fetch(const std::string&, const CallOptions&) const {
  return Error(Errc::invalid_argument, "this adapter does not follow redirects to files");
}

namespace detail {

Result<HttpResponse> fetch_redirected(const Transport& transport, const Url& base,
                                      const std::string& location, const CallOptions& call) {
  const bool relative = location.starts_with('/') && !location.starts_with("//");
  const auto url = parse_url(relative ? origin(base) + location : location);
  if (!url || (url->scheme != "https" && origin(*url) != origin(base))) {
    return Error(Errc::malformed_response, "the answer redirects to a place that is not to be called");
  }
  return transport.send({.url = url->text(), .headers = {{"accept", "*/*"}}}, call);
}

}  // namespace detail
}  // namespace tongs
