#pragma once
#include <string>
#include <string_view>

#include <tongs/call_options.hpp>
#include <tongs/http.hpp>
#include <tongs/result.hpp>

namespace tongs::detail {

/// A GraphQL operation over HTTP POST. `variables` is JSON text, `credential` a header with the secret in it.
HttpRequest graphql_request(std::string url, std::string_view document, std::string_view variables,
                            Header credential);

/// Sends the request once and wipes its credentials. Errors: those of the transport.
Result<HttpResponse> send_and_wipe(const Transport& transport, HttpRequest request, const CallOptions& call);

}  // namespace tongs::detail
