// Any bytes as a manifest: everything that reads one must end, within its limits, with positions that exist.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <tongs/json.hpp>
#include <tongs/manifest/check.hpp>
#include <tongs/manifest/diff.hpp>
#include <tongs/manifest/fix.hpp>
#include <tongs/manifest/residency.hpp>

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

/// What is mended has fewer findings, is readable, and needs no more mending.
void require_safe_fixes(std::string_view text, const tongs::manifest::Manifest& manifest) {
  using namespace tongs::manifest;
  constexpr std::size_t most = 4096;  // each fix is tried by a check of its own
  if (text.size() > most) return;
  const Fixed fixed = fix(text);
  require(fixed.fixes.empty() ? fixed.text == text : manifest.readable());
  if (fixed.fixes.empty()) return;
  const auto mended = Manifest::parse(fixed.text);
  require(mended.readable() && check(mended).size() < check(manifest).size());
  constexpr std::size_t most_fixes = 200;
  require(fixed.fixes.size() == most_fixes || fix(fixed.text).fixes.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tongs::manifest;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto manifest = Manifest::parse(text);
  const auto same = Manifest::parse(text);

  std::vector<FileReport> reports{{"fuzz.yml", check(manifest)}};
  for (const Finding& finding : reports.front().findings) {
    require(finding.at.line > 0 && finding.at.column > 0);
    require(!finding.message.empty());
  }
  require(manifest.readable() || !reports.front().ok());
  require(tongs::JsonDocument::parse(to_json(reports)).has_value());
  require(tongs::JsonDocument::parse(to_json("fuzz.yml", residency(manifest))).has_value());
  const auto changes = diff(manifest, same);
  require(changes.announced == Impact::none && changes.changes.empty());
  require(tongs::JsonDocument::parse(to_json(diff(manifest, Manifest::parse("")))).has_value());
  require(tongs::JsonDocument::parse(to_sarif(reports, "0")).has_value());
  require_safe_fixes(text, manifest);
  return 0;
}
