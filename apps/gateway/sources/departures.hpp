#pragma once
#include <atomic>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <unordered_map>

#include <tongs/clock.hpp>
#include <tongs/ids.hpp>

namespace tongs::gateway {

/// What speaks for an app having been uninstalled somewhere: nothing but refusals of its system token, for a
/// while. One 401 means little (contract 7.5.1), and in the minutes after an installation nothing at all
/// (7.1.3). Pure; one for each installation that is suspected.
class DepartureSigns {
 public:
  static constexpr int kLeastRefusals = 3;
  static constexpr std::chrono::minutes kLeastTime{10};  ///< from the first refusal to the last
  static constexpr std::chrono::minutes kGrace{15};      ///< since the installation

  /// True: it is gone.
  bool refused(std::chrono::seconds since_installation, MonoTime now) noexcept;

 private:
  int refusals_ = 0;
  MonoTime first_{};
};

/// The suspected installations. Any sign of life ends a suspicion; while there is none, such signs cost a
/// look at a number. Thread safety: any.
class Departures {
 public:
  bool refused(const InstallationId& installation, std::chrono::seconds since_installation, MonoTime now);
  void alive(const InstallationId& installation);

 private:
  std::atomic<std::size_t> suspects_{0};
  std::mutex mutex_;
  std::unordered_map<InstallationId, DepartureSigns> signs_;
};

}  // namespace tongs::gateway
