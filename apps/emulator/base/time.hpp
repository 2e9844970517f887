#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tongs::emulator {

/// The machine's clock. What a remote checks against its own clock, a FIT, lives in this time.
using RealTime = std::chrono::sys_time<std::chrono::milliseconds>;

struct PlatformEra {};
/// The emulated platform's clock: milliseconds since the Unix epoch, ahead of the machine's by what was
/// advanced. Installations, tokens, schedules and retries live in this time.
using PlatformTime = std::chrono::time_point<PlatformEra, std::chrono::milliseconds>;

using Millis = std::chrono::milliseconds;

/// Whole seconds since the Unix epoch, rounded down.
std::int64_t unix_seconds(RealTime time) noexcept;
std::int64_t unix_seconds(PlatformTime time) noexcept;

/// As JSON says it: `2026-08-22T10:00:00.000Z`.
std::string iso_time(RealTime time);
std::string iso_time(PlatformTime time);
/// To the second.
std::optional<PlatformTime> parse_iso_time(std::string_view text);

/// A duration as people write it: `90s`, `5m`, `1h`, `2d`, `250ms`, or several in a row such as `1h30m`.
/// Nothing if it is none, is negative or is longer than ten years.
std::optional<Millis> parse_duration(std::string_view text);

}  // namespace tongs::emulator
