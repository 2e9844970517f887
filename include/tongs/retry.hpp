#pragma once
#include <chrono>

namespace tongs {

/// How a bound client repeats a call that failed for the moment: full jitter under a growing cap,
/// `Retry-After` as the lower bound, never past the deadline, and only calls that are idempotent (RFC
/// 9110 9.2.2) or marked so.
struct RetryPolicy {
  /// Attempts in all, the first included. Default 4 (contract 7.4.4). 1: never repeat.
  int max_attempts = 4;
  /// The first pause is drawn from 0 to this. Default 500 ms.
  std::chrono::milliseconds base{500};
  /// No drawn pause is longer. Default 30 s. A longer `Retry-After` is obeyed if the deadline allows it.
  std::chrono::milliseconds cap{30000};
};

}  // namespace tongs
