#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace tongs::emulator {

/// Time spent as people write it in Jira: `3h 20m`, `1w 2d`, or `90`, which is minutes. A day has eight hours
/// and a week five days, as on a new site. Nothing if it is none of these, is no time at all, or more than
/// ten thousand weeks.
std::optional<std::chrono::seconds> parse_time_spent(std::string_view text);
/// The same in Jira's words. Seconds beside whole minutes are left out.
std::string time_spent_text(std::chrono::seconds spent);

}  // namespace tongs::emulator
