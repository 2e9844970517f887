#pragma once
#include <optional>
#include <string>
#include <vector>

#include <tongs/manifest/manifest.hpp>

#include "cli/terminal.hpp"

namespace tongs::cli {

/// A manifest as it was given on the command line.
struct ManifestFile {
  std::string name;
  std::string text;
  manifest::Manifest manifest;
};

/// The file itself, or every `manifest.yml` and `manifest.yaml` below a folder, however deep, but for
/// `node_modules` and hidden folders. Says on `err` if there is none, or if the folder cannot be read.
std::vector<std::string> manifests_at(const std::string& place, Terminal& terminal);

/// A manifest as it is in a revision of the git repository around it. Says on `err` why it cannot be had.
std::optional<ManifestFile> read_manifest_of_revision(const std::string& file, const std::string& revision,
                                                      Terminal& terminal);

/// Reads a manifest, with variables from the environment of this process. Says on `err` why it cannot be
/// read.
std::optional<ManifestFile> read_manifest(const std::string& file, Terminal& terminal);

/// As `read_manifest`, for verbs that need more than findings: also refuses what is no valid YAML map, and
/// shows why.
std::optional<ManifestFile> read_readable_manifest(const std::string& file, Terminal& terminal);

}  // namespace tongs::cli
