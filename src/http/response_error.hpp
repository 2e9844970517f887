#pragma once
#include <string>

#include <tongs/clock.hpp>
#include <tongs/error.hpp>
#include <tongs/http.hpp>

namespace tongs::detail {

/// `x-failure-category` of a 401 that no other token will heal (contract 7.5.1).
inline constexpr std::string_view kScopeCheckFailed = "FAILURE_CLIENT_SCOPE_CHECK";

/// A 401 that another credential of the same identity may heal.
bool refuses_credential(const HttpResponse& response) noexcept;

/// What an answer of a status that its caller cannot use means, by the table of `BoundClient::send`.
Errc code_of_status(int status) noexcept;

/// What a peer said, whatever the status: its identifiers and the messages of a body of Jira, Confluence v1
/// and v2, Jira Service Management, API gateway, Forge, KVS, GraphQL, OAuth or RFC 9457 form (contract 7.5).
/// At most 16 messages and 16 fields of 512 bytes each.
RemoteDetail remote_detail(const HttpResponse& response);

/// The Error that stands for `response`. `what_failed` is a literal of ours, such as "the product API refused
/// the call"; the reason in general words is appended to it.
Error error_from_response(const HttpResponse& response, std::string what_failed, WallTime now);

}  // namespace tongs::detail
