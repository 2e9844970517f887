#pragma once
#include <chrono>

#include <tongs/call_options.hpp>
#include <tongs/error.hpp>

namespace tongs::detail {

/// Has the caller's own limit been reached, by the machine's steady clock (call_options.hpp)?
inline bool has_left(const CallOptions& call) noexcept {
  return call.stop.stop_requested() ||
         (call.deadline != MonoTime::max() && std::chrono::steady_clock::now() >= call.deadline);
}

/// What a caller gets who reached his own limit.
inline Error departure(const CallOptions& call) {
  if (call.stop.stop_requested()) return {Errc::cancelled, "the caller stopped waiting for a token"};
  return {Errc::deadline_exceeded, "the caller's deadline passed before a token came"};
}

/// Does the error say that somebody's limit was reached, rather than that the peer failed?
inline bool is_departure(const Error& error) noexcept {
  return error.code() == Errc::cancelled || error.code() == Errc::deadline_exceeded;
}

}  // namespace tongs::detail
