#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tongs {

/// Why a call gave no value. The groups say what the caller can do about it.
enum class Errc : std::uint8_t {
  // The caller's own wish.
  cancelled,
  deadline_exceeded,
  // The peer or the way to it, now. The same call may succeed later.
  transport_failed,    ///< no answer: connect, TLS, reset, time-out of the peer
  unavailable,         ///< 5xx, or a peer that says it is not ready
  rate_limited,        ///< 429, or our own limit; `retry_after` says how long
  malformed_response,  ///< an answer that breaks its own contract
  // The peer, for good. The same call will fail again.
  invalid_argument,   ///< refused before or by the peer because of what was asked (400, 422, an id that is
                      ///< none)
  rejected,           ///< 401: the credential is not accepted, or there is none alive
  forbidden,          ///< 403: accepted, but not allowed to do this
  not_found,          ///< 404, 410
  conflict,           ///< 409, 412
  unexpected_status,  ///< any other status that the caller has no use for
  // A Forge Invocation Token that was checked and found wrong.
  token_malformed,
  token_expired,
  token_not_yet_valid,
  issuer_mismatch,
  audience_mismatch,
  algorithm_not_allowed,
  signature_invalid,
  key_unknown,
  token_replayed,  ///< genuine, but used before
  // A token about which nothing could be decided. Never answer 401 for it.
  keys_unavailable,
  // Our own side.
  storage_failed,  ///< disk full, file locked, wrong key, corrupt page
  internal,        ///< a bug of ours, or a resource that ran out
};

/// The name of the enumerator, for logs, metrics and JSON reports.
std::string_view to_string(Errc code) noexcept;

/// What a peer said with a failure. Untrusted, may hold personal data: never print it next to our own
/// messages.
struct RemoteDetail {
  int http_status = 0;     ///< 0: there was no HTTP answer
  std::string request_id;  ///< `atl-traceid`, `x-b3-traceid` or `x-request-id`, whichever came; may be empty
  std::string failure_category;   ///< `x-failure-category` of the API gateway (contract 7.5); may be empty
  std::string rate_limit_reason;  ///< `RateLimit-Reason` (contract 7.4.2); may be empty
  std::vector<std::string> messages;  ///< messages found in a body of Jira, Confluence, Forge or GraphQL form
  std::vector<std::pair<std::string, std::string>> fields;  ///< Jira's `errors`: field name and message
  std::string body_excerpt;  ///< at most 512 bytes of the body, control bytes escaped
};

/// A failure as a value: a code to act on, a message of ours that is safe to log, and apart from them what a
/// peer said. One word to copy; copies share their content, so every waiter of one flight can hold the same
/// Error. Thread safety: const.
class Error {
 public:
  /// `message` is written by us: no byte of it comes from a peer, a token or a user. It may name a setting, a
  /// path or an address of our own configuration.
  Error(Errc code, std::string message);

  Errc code() const noexcept;
  /// Safe to log.
  std::string_view message() const noexcept;
  /// What the peer said, or null. Not safe to log.
  const RemoteDetail* remote() const noexcept;
  /// The failure behind this one, or null.
  const Error* cause() const noexcept;
  /// How long the peer asked us to wait, if it did.
  std::optional<std::chrono::milliseconds> retry_after() const noexcept;
  /// Could the same call succeed later without a change by its caller?
  bool transient() const noexcept;
  /// `message()`, and the messages of the causes behind it, joined by ": ". Safe to log.
  std::string describe() const;

  Error with_remote(RemoteDetail detail) &&;
  Error with_cause(Error cause) &&;
  Error with_retry_after(std::chrono::milliseconds wait) &&;

 private:
  struct Content;
  std::shared_ptr<const Content> content_;
};

}  // namespace tongs
