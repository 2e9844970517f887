#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "gateway/egress/fair_queue.hpp"

namespace tongs::gateway {

/// How the egress carries calls.
struct EgressOptions {
  std::chrono::milliseconds time{60000};              ///< until an answer begins, token and turn included
  std::chrono::milliseconds token_time{10000};        ///< of it, until there is a token
  std::chrono::milliseconds queue_time{10000};        ///< of it, until it is the call's turn
  std::chrono::milliseconds stall_time{120000};       ///< without a byte of a body, in or out
  std::size_t held_bytes = 1024 * 1024;               ///< a longer body of a request is passed on as it comes
  std::uint64_t body_bytes = std::uint64_t{1} << 30;  ///< of a request
  FairQueue::Limits calls;
  bool honour_retry_after = true;
};

}  // namespace tongs::gateway
