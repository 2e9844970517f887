#pragma once
#include "emulator/base/time.hpp"

namespace tongs::emulator {

/// The machine's time, as shells pass it to everything that decides.
inline RealTime real_now() noexcept { return std::chrono::floor<Millis>(std::chrono::system_clock::now()); }

}  // namespace tongs::emulator
