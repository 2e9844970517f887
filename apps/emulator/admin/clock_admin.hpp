#pragma once
#include "emulator/admin/step.hpp"

namespace tongs::emulator {

AdminStep get_clock(AdminCall& call);
/// `{"scale":N}`: the platform's time runs N times as fast.
AdminStep put_clock(AdminCall& call);
/// `{"seconds":N}` or `{"duration":"1h30m"}`. Whatever falls due on the way happens at its own time and in
/// its order, each delivery finished before the clock moves on.
AdminStep post_clock_advance(AdminCall& call);

}  // namespace tongs::emulator
