#include <algorithm>
#include <array>

#include <tongs/manifest/residency.hpp>

#include "manifest/content.hpp"
#include "manifest/words.hpp"

namespace tongs::manifest {

namespace {

constexpr std::array kRules = {
    ResidencyRule{"residency-no-remotes", true,
                  "There are no remotes, so nothing is stored outside of Atlassian."},
    ResidencyRule{"residency-stores-nothing", true,
                  "The remote says what it is for, and that is not storage."},
    ResidencyRule{"residency-storage-out-of-scope", true,
                  "The remote stores data, and says `inScopeEUD: false`."},
    ResidencyRule{"residency-storage-in-region", true,
                  "The remote stores in-scope End-User Data at a URL of its own for each region."},
    ResidencyRule{"residency-storage-in-scope", false, "The remote says `inScopeEUD: true`."},
    ResidencyRule{"residency-storage-unexplained", false,
                  "The remote stores data and does not say `inScopeEUD`, so Forge assumes the worst."},
    ResidencyRule{"residency-no-operations", false,
                  "The remote has no `operations`, so Forge assumes that it stores in-scope End-User Data."},
    ResidencyRule{"residency-operations-unclear", false,
                  "`operations` is empty or has something that is no operation."},
    ResidencyRule{"residency-configurable", false,
                  "An admin chooses the address of the remote, so nobody can say where its data rests."},
    ResidencyRule{"residency-remotes-unclear", false, "`remotes` has something that is no remote."},
};

constexpr std::string_view kSayOperations =
    "say what the remote does in 'operations': compute, fetch or other if it stores nothing; storage with "
    "'inScopeEUD: false' if it stores no in-scope End-User Data";
constexpr std::string_view kSayInScope =
    "add 'storage' with 'inScopeEUD: false' if none of the stored data is in-scope End-User Data";
constexpr std::string_view kKeepDataInRegion =
    "keep in-scope End-User Data out of the remote, or give it a URL for each region in 'baseUrl'";

ResidencyReason against(std::string_view rule, const Position& at, std::string message,
                        std::string_view mend) {
  return {rule, {}, false, std::move(message), mend, at};
}

ResidencyReason in_favour(std::string_view rule, const Position& at, std::string message) {
  return {rule, {}, true, std::move(message), {}, at};
}

/// A map with at least one region besides `default`.
bool has_region_urls(const Remote& remote) {
  return remote.base_url && remote.base_url->regional &&
         std::any_of(remote.base_url->urls.begin(), remote.base_url->urls.end(),
                     [](const RegionUrl& url) { return url.region.value != "default"; });
}

std::string listed(const Operations& operations) {
  std::vector<std::string_view> names;
  for (const auto& operation : operations.listed) names.push_back(to_string(operation.value));
  std::string out;
  for (const auto name : names) out += (out.empty() ? "" : ", ") + std::string(name);
  return out;
}

ResidencyReason judge_storage(const Remote& remote, const std::string& name, const Position& at) {
  const auto& in_scope = remote.storage ? remote.storage->in_scope_eud : std::nullopt;
  if (!in_scope) {
    return against("residency-storage-unexplained", remote.storage ? remote.storage->at : at,
                   name + " stores data without saying 'inScopeEUD', so Forge assumes in-scope End-User Data",
                   kSayInScope);
  }
  if (!in_scope->value) {
    return in_favour("residency-storage-out-of-scope", in_scope->at,
                     name + " stores data, none of it in-scope End-User Data");
  }
  if (has_region_urls(remote)) {
    return in_favour("residency-storage-in-region", remote.base_url->at,
                     name + " stores in-scope End-User Data, at a URL of its own for each region");
  }
  return against("residency-storage-in-scope", in_scope->at, name + " stores in-scope End-User Data",
                 kKeepDataInRegion);
}

/// In the order of the reference: what is not said is assumed, and assumed to be the worst.
ResidencyReason judge(const Remote& remote) {
  const std::string name = remote.key.value.empty() ? "a remote without a key" : quoted(remote.key.value);
  if (remote.configurable) {
    return against("residency-configurable", remote.configurable->at,
                   name + " has an address that an admin chooses, so nobody can say where its data rests",
                   "remove 'configurable'");
  }
  if (!remote.operations) {
    return against("residency-no-operations", remote.key.at,
                   name + " has no 'operations', so Forge assumes that it stores in-scope End-User Data",
                   kSayOperations);
  }
  if (!remote.operations->legible || remote.operations->listed.empty()) {
    return against(
        "residency-operations-unclear", remote.operations->at,
        name +
            " has 'operations' that do not say what it does, so Forge assumes that it stores in-scope "
            "End-User Data",
        kSayOperations);
  }
  if (remote.operations->has(Operation::storage)) return judge_storage(remote, name, remote.operations->at);
  if (remote.storage && remote.storage->in_scope_eud && remote.storage->in_scope_eud->value) {
    return against("residency-storage-in-scope", remote.storage->in_scope_eud->at,
                   name + " says 'inScopeEUD: true', which no other operation takes back", kKeepDataInRegion);
  }
  return in_favour("residency-stores-nothing", remote.operations->at,
                   name + " stores nothing: its operations are " + listed(*remote.operations));
}

/// Where `remotes` has something that is no remote, so that nobody can say what it is for.
std::optional<Position> illegible_part(const Manifest& manifest) {
  const yaml::Node remotes = manifest.content().tree.root()["remotes"];
  if (remotes && !remotes.is_null() && !remotes.is_sequence()) return remotes.at();
  for (const yaml::Node remote : remotes.items()) {
    if (!remote.is_mapping()) return remote.at();
  }
  return std::nullopt;
}

}  // namespace

std::span<const ResidencyRule> residency_rules() noexcept { return kRules; }

Residency residency(const Manifest& manifest) {
  Residency out;
  for (const Remote& remote : manifest.remotes()) {
    out.reasons.push_back(judge(remote));
    out.reasons.back().remote = remote.key.value;
  }
  if (const auto at = illegible_part(manifest)) {
    out.reasons.push_back(
        against("residency-remotes-unclear", *at,
                "'remotes' has something that is no remote, so Forge cannot tell what it is for",
                "mend what 'tongs manifest check' reports"));
  } else if (out.reasons.empty()) {
    out.reasons.push_back(
        in_favour("residency-no-remotes", {1, 1, 0},
                  "there are no remotes, so no End-User Data is stored outside of Atlassian"));
  }
  out.eligible = std::all_of(out.reasons.begin(), out.reasons.end(),
                             [](const ResidencyReason& reason) { return reason.eligible; });
  return out;
}

}  // namespace tongs::manifest
