#pragma once
#include <tongs/adapter.hpp>
#include <tongs/call_options.hpp>
#include <tongs/client.hpp>
#include <tongs/reply.hpp>
#include <tongs/result.hpp>

namespace tongs::detail {

/// Sends, and follows redirects to where the file rests: a few of them, without credentials
/// (`Adapter::fetch`). Errors: as `BoundClient::send`, and malformed_response (redirects without an end, or
/// to a place that is not to be called).
Result<Download> download(const BoundClient& client, const ApiRequest& request, const CallOptions& call);

}  // namespace tongs::detail
