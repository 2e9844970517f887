#pragma once
#include <optional>
#include <string>

#include <tongs/manifest/manifest.hpp>

#include "cli/terminal.hpp"

namespace tongs::cli {

/// A manifest as it was given on the command line.
struct ManifestFile {
  std::string name;
  std::string text;
  manifest::Manifest manifest;
};

/// Reads a manifest, with variables from the environment of this process. Says on `err` why it cannot be
/// read.
std::optional<ManifestFile> read_manifest(const std::string& file, Terminal& terminal);

/// As `read_manifest`, for verbs that need more than findings: also refuses what is no valid YAML map, and
/// shows why.
std::optional<ManifestFile> read_readable_manifest(const std::string& file, Terminal& terminal);

}  // namespace tongs::cli
