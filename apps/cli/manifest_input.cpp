#include "cli/manifest_input.hpp"

#include <ostream>
#include <utility>
#include <vector>

#include <tongs/manifest/check.hpp>

#include "cli/finding_print.hpp"
#include "cli/input.hpp"
#include "common/process.hpp"

namespace tongs::cli {

namespace {

/// Why a manifest is not `readable`, without what else is wrong with it.
std::vector<manifest::Finding> why_unreadable(const manifest::Manifest& unreadable) {
  auto findings = manifest::check(unreadable);
  std::erase_if(findings, [](const manifest::Finding& finding) {
    return !finding.rule->id.starts_with("yaml-") && finding.rule->id != "document-map";
  });
  return findings;
}

}  // namespace

std::optional<ManifestFile> read_manifest(const std::string& file, Terminal& terminal) {
  auto text = read_input(file, manifest::Manifest::kMaxBytes);
  if (!text) {
    terminal.err() << "tongs: " << printable(file) << ": " << text.error().message() << "\n";
    return std::nullopt;
  }
  auto manifest = manifest::Manifest::parse(*text, {.variable = process::environment_variable});
  return ManifestFile{file, *std::move(text), std::move(manifest)};
}

std::optional<ManifestFile> read_readable_manifest(const std::string& file, Terminal& terminal) {
  auto read = read_manifest(file, terminal);
  if (!read || read->manifest.readable()) return read;
  print_findings(terminal.err(), read->name, read->text, why_unreadable(read->manifest), terminal);
  return std::nullopt;
}

}  // namespace tongs::cli
