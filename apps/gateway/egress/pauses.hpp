#pragma once
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>

#include <tongs/clock.hpp>
#include <tongs/ids.hpp>

#include "gateway/egress/place.hpp"

namespace tongs::gateway {

/// What Atlassian asked to be left alone with, until then: one API of one installation, or of a whole app
/// with all its installations. Without clock or I/O. Thread safety: none.
class Pauses {
 public:
  enum class Cause : std::uint8_t { limit, outage };
  struct Pause {
    std::chrono::milliseconds left;
    Cause cause;
    bool of_app;
    friend bool operator==(const Pause&, const Pause&) = default;
  };

  /// `wait`: at most an hour of it is believed. A longer pause stays.
  void pause(const InstallationId& installation, Api api, std::chrono::milliseconds wait, Cause cause,
             MonoTime now);
  void pause(const AppId& app, Api api, std::chrono::milliseconds wait, Cause cause, MonoTime now);
  /// The longer one of both; nothing: calls may go.
  std::optional<Pause> now(const InstallationId& installation, const AppId& app, Api api, MonoTime now) const;
  /// Installations on record: those of a pause gone by go with time.
  std::size_t size() const noexcept { return installations_.until.size(); }

 private:
  struct End {
    MonoTime until{};
    Cause cause{};
  };
  template <class Id>
  struct Table {
    void pause(const Id& id, Api api, std::chrono::milliseconds wait, Cause cause, MonoTime now);
    End of(const Id& id, Api api) const;

    std::unordered_map<Id, std::array<End, kApis>> until;
    std::size_t sweep_at = 64;
  };

  Table<InstallationId> installations_;
  Table<AppId> apps_;
};

}  // namespace tongs::gateway
