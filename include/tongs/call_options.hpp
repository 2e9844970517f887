#pragma once
#include <chrono>
#include <stop_token>

#include <tongs/clock.hpp>

namespace tongs {

/// The limits of one call. Every function that can block takes one, and none waits beyond it.
/// Errors that follow from it: deadline_exceeded, cancelled.
struct CallOptions {
  /// On the steady clock. Default: none.
  MonoTime deadline = MonoTime::max();
  /// Asks the call to end early. Default: never.
  std::stop_token stop = {};

  /// A call that may take `budget` from now on.
  static CallOptions within(std::chrono::milliseconds budget) {
    return {.deadline = std::chrono::steady_clock::now() + budget};
  }
};

}  // namespace tongs
