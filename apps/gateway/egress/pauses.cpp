#include "gateway/egress/pauses.hpp"

#include <algorithm>

namespace tongs::gateway {

namespace {

using std::chrono::milliseconds;

constexpr std::chrono::hours kLongest{1};
constexpr std::size_t kFewest = 64;

}  // namespace

template <class Id>
void Pauses::Table<Id>::pause(const Id& id, Api api, milliseconds wait, Cause cause, MonoTime now) {
  if (wait <= milliseconds(0)) return;
  if (until.size() >= sweep_at) {
    std::erase_if(until, [&](const auto& entry) {
      return std::ranges::all_of(entry.second, [&](const End& end) { return end.until <= now; });
    });
    sweep_at = std::max(kFewest, until.size() * 2);
  }
  End& end = until[id][static_cast<std::size_t>(api)];
  const MonoTime asked = now + std::min<milliseconds>(wait, kLongest);
  if (asked > end.until) end = {asked, cause};
}

template <class Id>
Pauses::End Pauses::Table<Id>::of(const Id& id, Api api) const {
  const auto found = until.find(id);
  return found == until.end() ? End{} : found->second[static_cast<std::size_t>(api)];
}

void Pauses::pause(const InstallationId& installation, Api api, milliseconds wait, Cause cause,
                   MonoTime now) {
  installations_.pause(installation, api, wait, cause, now);
}

void Pauses::pause(const AppId& app, Api api, milliseconds wait, Cause cause, MonoTime now) {
  apps_.pause(app, api, wait, cause, now);
}

std::optional<Pauses::Pause> Pauses::now(const InstallationId& installation, const AppId& app, Api api,
                                         MonoTime now) const {
  const End own = installations_.of(installation, api), shared = apps_.of(app, api);
  const bool of_app = shared.until > own.until;
  const End& end = of_app ? shared : own;
  if (end.until <= now) return std::nullopt;
  return Pause{std::chrono::ceil<milliseconds>(end.until - now), end.cause, of_app};
}

}  // namespace tongs::gateway
