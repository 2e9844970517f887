#include "gateway/egress/pauses.hpp"

#include <algorithm>

namespace tongs::gateway {

namespace {

constexpr std::chrono::hours kLongest{1};
constexpr std::size_t kFewest = 64;

}  // namespace

void Pauses::pause(const InstallationId& installation, Api api, std::chrono::milliseconds wait,
                   MonoTime now) {
  if (wait <= std::chrono::milliseconds(0)) return;
  if (until_.size() >= sweep_at_) sweep(now);
  MonoTime& until = until_[installation][static_cast<std::size_t>(api)];
  until = std::max(until, now + std::min<std::chrono::milliseconds>(wait, kLongest));
}

std::optional<std::chrono::milliseconds> Pauses::left(const InstallationId& installation, Api api,
                                                      MonoTime now) const {
  if (until_.empty()) return std::nullopt;
  const auto found = until_.find(installation);
  if (found == until_.end()) return std::nullopt;
  const MonoTime until = found->second[static_cast<std::size_t>(api)];
  if (until <= now) return std::nullopt;
  return std::chrono::ceil<std::chrono::milliseconds>(until - now);
}

void Pauses::sweep(MonoTime now) {
  std::erase_if(until_, [&](const auto& entry) {
    return std::ranges::all_of(entry.second, [&](MonoTime until) { return until <= now; });
  });
  sweep_at_ = std::max(kFewest, until_.size() * 2);
}

}  // namespace tongs::gateway
