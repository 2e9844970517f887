#pragma once
#include "common/net/deadline.hpp"
#include "common/net/task.hpp"

namespace tongs::net {

/// One thread's event loop. What lives in a reactor is touched by the thread that runs it and by no other.
struct Reactor {
  Context context{1};
  DeadlineWatch watch{context};
};

}  // namespace tongs::net
