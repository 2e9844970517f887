#pragma once
#include <cstddef>

namespace tongs::detail {

/// Overwrites bytes that held a secret. Not removed by the optimiser.
void wipe(void* bytes, std::size_t size) noexcept;

}  // namespace tongs::detail
