#include "cli/manifest_input.hpp"

#include <algorithm>
#include <filesystem>
#include <ostream>
#include <system_error>
#include <utility>

#include <tongs/manifest/check.hpp>

#include "cli/finding_print.hpp"
#include "cli/git.hpp"
#include "cli/input.hpp"
#include "common/process.hpp"

namespace tongs::cli {

namespace {

namespace fs = std::filesystem;

/// Why a manifest is not `readable`, without what else is wrong with it.
std::vector<manifest::Finding> why_unreadable(const manifest::Manifest& unreadable) {
  auto findings = manifest::check(unreadable);
  std::erase_if(findings,
                [](const manifest::Finding& finding) { return !manifest::hinders_reading(finding); });
  return findings;
}

bool is_manifest(const fs::path& file) {
  return file.filename() == "manifest.yml" || file.filename() == "manifest.yaml";
}

bool is_passed_over(const fs::path& folder) {
  const auto name = folder.filename().string();
  return name == "node_modules" || name.starts_with('.');
}

ManifestFile parsed(std::string name, std::string text) {
  auto manifest = manifest::Manifest::parse(text, {.variable = process::environment_variable});
  return {std::move(name), std::move(text), std::move(manifest)};
}

std::optional<ManifestFile> if_readable(std::optional<ManifestFile> read, Terminal& terminal) {
  if (!read || read->manifest.readable()) return read;
  print_findings(terminal.err(), read->name, read->text, why_unreadable(read->manifest), terminal);
  return std::nullopt;
}

}  // namespace

std::vector<std::string> manifests_at(const std::string& place, Terminal& terminal) {
  std::error_code failure;
  if (place == "-" || !fs::is_directory(place, failure)) return {place};
  std::vector<std::string> found;
  constexpr auto options = fs::directory_options::skip_permission_denied;
  fs::recursive_directory_iterator entry(place, options, failure);
  for (; !failure && entry != fs::recursive_directory_iterator(); entry.increment(failure)) {
    if (is_manifest(entry->path()) && entry->is_regular_file(failure))
      found.push_back(entry->path().string());
    if (entry->is_directory(failure) && is_passed_over(entry->path())) entry.disable_recursion_pending();
  }
  if (failure) {
    terminal.err() << "tongs: " << printable(place) << ": the folder cannot be read\n";
    return {};
  }
  if (found.empty())
    terminal.err() << "tongs: " << printable(place) << ": there is no manifest.yml in this folder\n";
  std::sort(found.begin(), found.end());
  return found;
}

std::optional<ManifestFile> read_manifest_of_revision(const std::string& file, const std::string& revision,
                                                      Terminal& terminal) {
  auto text = git_show(file, revision, manifest::Manifest::kMaxBytes);
  if (!text) {
    terminal.err() << "tongs: " << printable(file) << " in revision " << printable(revision) << ": "
                   << text.error().message() << "\n";
    return std::nullopt;
  }
  return if_readable(parsed(revision + ":" + file, *std::move(text)), terminal);
}

std::optional<ManifestFile> read_manifest(const std::string& file, Terminal& terminal) {
  auto text = read_input(file, manifest::Manifest::kMaxBytes);
  if (!text) {
    terminal.err() << "tongs: " << printable(file) << ": " << text.error().message() << "\n";
    return std::nullopt;
  }
  return parsed(file, *std::move(text));
}

std::optional<ManifestFile> read_readable_manifest(const std::string& file, Terminal& terminal) {
  return if_readable(read_manifest(file, terminal), terminal);
}

}  // namespace tongs::cli
