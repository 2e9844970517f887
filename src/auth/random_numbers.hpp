#pragma once
#include <atomic>
#include <cstdint>
#include <random>

namespace tongs::detail {

/// Numbers that spread refreshes and pauses over a fleet; good for nothing secret. SplitMix64 over a shared
/// counter: std::random_device takes ten microseconds where CPUID traps to a hypervisor. Thread safety: any.
class RandomNumbers {
 public:
  std::uint32_t draw() noexcept {
    std::uint64_t mixed = counter_.fetch_add(0x9e3779b97f4a7c15, std::memory_order_relaxed);
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    return static_cast<std::uint32_t>(mixed >> 32);
  }

 private:
  std::atomic<std::uint64_t> counter_{std::random_device{}()};
};

}  // namespace tongs::detail
