#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tongs/manifest/manifest.hpp>

namespace tongs::manifest {

/// What one remote (or the lack of any) means for data residency.
struct ResidencyReason {
  std::string_view rule;  ///< stable, kebab-case, such as `residency-no-operations`
  std::string remote;     ///< its key; empty for the manifest as a whole
  bool eligible = false;  ///< does this remote leave the app eligible?
  std::string message;
  std::string_view mend;  ///< what to change to become eligible; empty if it is
  Position at;
};

struct Residency {
  /// May the app get the status PINNED?
  bool eligible = false;
  /// One for each remote in the order of the text; one for the manifest if there is no remote.
  std::vector<ResidencyReason> reasons;
};

/// Eligibility for PINNED as the manifest reference defines it ("Data residency"), with region maps and
/// configurable remotes as newer documentation adds them (contract 8.1.6, 8.6.1). What cannot be read counts
/// against the app. Precondition: `manifest.readable()`. Pure. Thread safety: any.
Residency residency(const Manifest& manifest);

/// What a reason is called and what it means.
struct ResidencyRule {
  std::string_view id;
  bool eligible;
  std::string_view summary;
};
std::span<const ResidencyRule> residency_rules() noexcept;

/// `{"file","eligible","reasons":[{"rule","remote","message","line","column"}]}`: the reasons of the verdict,
/// so of an app that is not eligible only those that stand in its way. `remote` is null for the manifest as a
/// whole.
std::string to_json(std::string_view file, const Residency& residency);

}  // namespace tongs::manifest
