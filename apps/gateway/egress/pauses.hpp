#pragma once
#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <unordered_map>

#include <tongs/clock.hpp>
#include <tongs/ids.hpp>

#include "gateway/egress/place.hpp"

namespace tongs::gateway {

/// What Atlassian asked to be left alone with: one API of one installation, until then. Without clock or I/O.
/// Thread safety: none.
class Pauses {
 public:
  /// `wait`: at most an hour of it is believed. A longer pause stays.
  void pause(const InstallationId& installation, Api api, std::chrono::milliseconds wait, MonoTime now);
  /// What is left of it; nothing: calls may go.
  std::optional<std::chrono::milliseconds> left(const InstallationId& installation, Api api,
                                                MonoTime now) const;
  /// Installations on record: those of a pause gone by go with time.
  std::size_t size() const noexcept { return until_.size(); }

 private:
  using PerApi = std::array<MonoTime, kApis>;
  void sweep(MonoTime now);

  std::unordered_map<InstallationId, PerApi> until_;
  std::size_t sweep_at_ = 64;
};

}  // namespace tongs::gateway
