// Any bytes as a manifest: everything that reads one must end, within its limits, with positions that exist.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <tongs/json.hpp>
#include <tongs/manifest/check.hpp>
#include <tongs/manifest/diff.hpp>
#include <tongs/manifest/residency.hpp>

namespace {

void require(bool holds) {
  if (!holds) std::abort();
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
  return 0;
}
