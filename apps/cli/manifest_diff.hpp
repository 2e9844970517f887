#pragma once
#include <optional>
#include <string>

#include <tongs/manifest/diff.hpp>

#include "cli/terminal.hpp"

namespace tongs::cli {

struct ManifestDiffOptions {
  std::string before;
  std::string after;     ///< one of the two may be `-`: standard input
  std::string revision;  ///< of git: compare `before` as it was there with `before` as it is
  Format format = Format::human;
  /// Return findings if a deploy today has this impact or a greater one.
  std::optional<manifest::Impact> fail_on = {};
};

/// What an upgrade from one manifest to the other means.
int run_manifest_diff(const ManifestDiffOptions& options, Terminal& terminal);

}  // namespace tongs::cli
