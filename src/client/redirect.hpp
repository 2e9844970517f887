#pragma once
#include <string>

#include <tongs/call_options.hpp>
#include <tongs/http.hpp>
#include <tongs/result.hpp>

#include "http/url.hpp"

namespace tongs::detail {

/// GET of `location`, where an answer of the API at `base` led to: without credentials, and only over https
/// or at the origin of `base`, so that no answer makes us call what only this machine can reach over plain
/// http. Errors: malformed_response (a place that is not to be called), and those of the transport.
Result<HttpResponse> fetch_redirected(const Transport& transport, const Url& base,
                                      const std::string& location, const CallOptions& call);

}  // namespace tongs::detail
