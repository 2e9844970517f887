#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tongs/manifest/manifest.hpp>

namespace tongs::manifest {

/// What a deploy does to the app's version. A major one waits for the consent of each admin.
enum class Impact : std::uint8_t { none, minor, major };
std::string_view to_string(Impact impact) noexcept;

struct Change {
  std::string_view rule;             ///< stable, kebab-case, such as `diff-remote-added`
  std::string remote;                ///< its key, after the change if it is still there
  Impact current = Impact::minor;    ///< what a deploy does today
  Impact announced = Impact::minor;  ///< what the manifest reference says it will do ("For now, only …")
  std::string message;
  std::optional<Position> before;  ///< in the manifest before; none if nothing stood there
  std::optional<Position> after;   ///< in the manifest after
};

struct Diff {
  /// The greatest of all changes.
  Impact current = Impact::none;
  Impact announced = Impact::none;
  std::vector<Change> changes;  ///< in the order of the remotes after, then those that are gone
};

/// What a kind of change is called, what it means, and what it does.
struct DiffRule {
  std::string_view id;
  Impact current;
  Impact announced;
  std::string_view summary;
};
std::span<const DiffRule> diff_rules() noexcept;

/// What changed in `remotes`, judged by the manifest reference ("Major version upgrades", "Minor upgrades"),
/// with region URLs and configurable remotes as newer documentation adds them (contract 8.5). Remotes are
/// matched by key, then by URL: a new key for the same URL, another order and another formatting are no
/// changes. Changes elsewhere in the manifest are not looked at. Precondition: both are `readable()`. Pure.
/// Thread safety: any.
Diff diff(const Manifest& before, const Manifest& after);

/// `{"impact":{"current","announced"},"changes":[{"rule","remote","current","announced","message",
/// "before":{"line","column"},"after":{"line","column"}}]}`; `before` or `after` is null where nothing stood.
std::string to_json(const Diff& diff);

}  // namespace tongs::manifest
