#pragma once
#include <boost/asio/basic_waitable_timer.hpp>

#include "common/net/deadline.hpp"
#include "common/net/task.hpp"

namespace tongs::net {

/// For waits of which there are few; a Deadline is for those of which there are many.
using Timer = asio::basic_waitable_timer<Steady, asio::wait_traits<Steady>, Executor>;

}  // namespace tongs::net
