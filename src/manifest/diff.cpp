#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>

#include <tongs/manifest/diff.hpp>

#include "manifest/diff_match.hpp"
#include "manifest/egress_url.hpp"
#include "manifest/words.hpp"

namespace tongs::manifest {

namespace {

using enum Impact;

constexpr DiffRule kRemoteAdded{"diff-remote-added", major, major,
                                "A remote is new, and its URL did not stand in `fetch.backend`."};
constexpr DiffRule kRemoteCopied{"diff-remote-copied", minor, major,
                                 "A remote is new; its URL stood in `fetch.backend` and still does."};
constexpr DiffRule kRemoteMoved{"diff-remote-moved", minor, minor,
                                "A remote is new; its URL moved to it from `fetch.backend`."};
constexpr DiffRule kConfigurableRemoteAdded{"diff-configurable-remote-added", minor, minor,
                                            "A remote is new, and has no address until an admin sets one."};
constexpr DiffRule kRemoteRemoved{"diff-remote-removed", minor, minor, "A remote is gone."};
constexpr DiffRule kUrlChanged{"diff-url-changed", major, major, "A URL of a remote is another one."};
constexpr DiffRule kUrlAdded{"diff-url-added", major, major,
                             "A remote whose address only admins set has a URL now."};
constexpr DiffRule kUrlRemoved{"diff-url-removed", minor, minor,
                               "A remote has no URL any more: admins set its address."};
constexpr DiffRule kRegionAdded{"diff-region-added", major, major,
                                "A remote has a URL for one more region, which it did not have before."};
constexpr DiffRule kRegionRemoved{"diff-region-removed", major, major, "A remote has one URL less."};
constexpr DiffRule kRegionsRearranged{"diff-regions-rearranged", minor, minor,
                                      "The URLs of a remote are the same, for other regions than before."};
constexpr DiffRule kOperationAdded{"diff-operation-added", minor, major, "A remote is for one more purpose."};
constexpr DiffRule kOperationRemoved{"diff-operation-removed", minor, minor,
                                     "A remote is for fewer purposes, but still says which."};
constexpr DiffRule kOperationsDropped{"diff-operations-dropped", minor, major,
                                      "A remote no longer says what it is for, so Forge assumes everything."};
constexpr DiffRule kOperationsStated{"diff-operations-stated", minor, minor,
                                     "A remote says what it is for; before, Forge assumed everything."};
constexpr DiffRule kInScopeSet{"diff-in-scope-set", minor, major,
                               "A remote now stores in-scope End-User Data."};
constexpr DiffRule kInScopeChanged{
    "diff-in-scope-changed", minor, minor,
    "A remote says otherwise of in-scope End-User Data, and stores no more of it than before."};
constexpr DiffRule kConfigurableAdded{"diff-configurable-added", major, major,
                                      "An admin can now choose the address of a remote."};
constexpr DiffRule kConfigurableRemoved{"diff-configurable-removed", minor, minor,
                                        "No admin chooses the address of a remote any more."};
constexpr DiffRule kAuthChanged{"diff-auth-changed", minor, minor, "A remote gets other tokens than before."};

constexpr std::array kRules = {kRemoteAdded,
                               kRemoteCopied,
                               kRemoteMoved,
                               kConfigurableRemoteAdded,
                               kRemoteRemoved,
                               kUrlChanged,
                               kUrlAdded,
                               kUrlRemoved,
                               kRegionAdded,
                               kRegionRemoved,
                               kRegionsRearranged,
                               kOperationAdded,
                               kOperationRemoved,
                               kOperationsDropped,
                               kOperationsStated,
                               kInScopeSet,
                               kInScopeChanged,
                               kConfigurableAdded,
                               kConfigurableRemoved,
                               kAuthChanged};

std::string url_of(const Remote& remote) {
  const RegionUrl* url = remote.base_url ? remote.base_url->find("default") : nullptr;
  return url == nullptr ? "an address of its own" : quoted(url->url);
}

/// The addresses of fetch.backend in their canonical spelling, and where the first of each stands.
using Addresses = std::unordered_map<std::string, Position>;

Addresses addresses_of(const Manifest& manifest) {
  Addresses addresses;
  for (const FetchEntry& entry : manifest.permissions().fetch_backend) {
    if (entry.address) addresses.emplace(canonical_address(entry.address->value), entry.at);
  }
  return addresses;
}

/// Are all URLs of the remote among `addresses`?
bool are_listed(const Remote& remote, const Addresses& addresses) {
  return remote.base_url && !remote.base_url->urls.empty() &&
         std::all_of(remote.base_url->urls.begin(), remote.base_url->urls.end(),
                     [&](const RegionUrl& url) { return addresses.contains(canonical_address(url.url)); });
}

/// Does the remote say what it is for? An empty list says as little as none.
bool states_operations(const Remote& remote) {
  return remote.operations && !remote.operations->listed.empty();
}

std::optional<bool> stated_in_scope(const Remote& remote) {
  if (!remote.storage || !remote.storage->in_scope_eud) return std::nullopt;
  return remote.storage->in_scope_eud->value;
}

/// Does Forge take it that in-scope End-User Data is stored? What is not said is assumed.
bool counts_as_in_scope(const Remote& remote) {
  if (!states_operations(remote)) return true;
  return stated_in_scope(remote).value_or(remote.operations->has(Operation::storage));
}

class Comparison {
 public:
  Comparison(const Manifest& before, const Manifest& after)
      : before_(before),
        after_(after),
        fetched_before_(addresses_of(before)),
        fetched_after_(addresses_of(after)) {}

  Diff run() {
    for (const RemotePair& pair : match(before_.remotes(), after_.remotes())) {
      if (pair.before == nullptr) {
        added(*pair.after);
      } else if (pair.after == nullptr) {
        removed(*pair.before);
      } else {
        compare(*pair.before, *pair.after);
      }
    }
    return std::move(diff_);
  }

 private:
  void note(const DiffRule& rule, const Remote& remote, std::string message, std::optional<Position> before,
            std::optional<Position> after) {
    diff_.current = std::max(diff_.current, rule.current);
    diff_.announced = std::max(diff_.announced, rule.announced);
    diff_.changes.push_back(
        {rule.id, remote.key.value, rule.current, rule.announced, std::move(message), before, after});
  }

  void added(const Remote& remote) {
    const std::string what = "the remote " + quoted(remote.key.value) + " is new";
    if (remote.configurable && !remote.base_url) {
      return note(kConfigurableRemoteAdded, remote, what + " and has no address until an admin sets one", {},
                  remote.at);
    }
    if (!are_listed(remote, fetched_before_)) {
      return note(kRemoteAdded, remote, what + ": the app now sends data to " + url_of(remote), {},
                  remote.at);
    }
    const std::string address = canonical_address(remote.base_url->urls.front().url);
    const Position old = fetched_before_.at(address);
    if (fetched_after_.contains(address)) {
      return note(kRemoteCopied, remote, what + "; its URL stands in fetch.backend as before", old,
                  remote.at);
    }
    note(kRemoteMoved, remote, what + "; its URL moved here from fetch.backend", old, remote.at);
  }

  void removed(const Remote& remote) {
    note(kRemoteRemoved, remote, "the remote " + quoted(remote.key.value) + " is gone", remote.at, {});
  }

  void compare(const Remote& before, const Remote& after) {
    compare_urls(before, after);
    compare_operations(before, after);
    compare_in_scope(before, after);
    compare_configurable(before, after);
    compare_auth(before, after);
  }

  void compare_urls(const Remote& before, const Remote& after) {
    if (same_urls(before, after)) return;
    if (!before.base_url) {
      return note(kUrlAdded, after, "the remote now has the URL " + url_of(after), before.at,
                  after.base_url->at);
    }
    if (!after.base_url) {
      return note(kUrlRemoved, after, "the remote no longer has the URL " + url_of(before),
                  before.base_url->at, after.at);
    }
    for (const RegionUrl& url : after.base_url->urls) compare_region(*before.base_url, url, after);
    for (const RegionUrl& url : before.base_url->urls) {
      if (after.base_url->find(url.region.value) != nullptr) continue;
      const bool kept = has_url(*after.base_url, url.url);
      note(kept ? kRegionsRearranged : kRegionRemoved, after,
           "the region " + quoted(url.region.value) + " is gone" + (kept ? "; its URL is still there" : ""),
           url.region.at, after.base_url->at);
    }
  }

  void compare_region(const BaseUrl& before, const RegionUrl& url, const Remote& after) {
    const RegionUrl* old = before.find(url.region.value);
    if (old == nullptr) {
      const bool known = has_url(before, url.url);
      return note(known ? kRegionsRearranged : kRegionAdded, after,
                  "the region " + quoted(url.region.value) + " is new" +
                      (known ? "; its URL was there before" : ", with the URL " + quoted(url.url)),
                  before.at, url.region.at);
    }
    if (old->url == url.url) return;
    note(kUrlChanged, after, "the URL changed from " + quoted(old->url) + " to " + quoted(url.url),
         old->url_at, url.url_at);
  }

  static bool has_url(const BaseUrl& base, std::string_view url) {
    return std::any_of(base.urls.begin(), base.urls.end(),
                       [&](const RegionUrl& each) { return each.url == url; });
  }

  void compare_operations(const Remote& before, const Remote& after) {
    if (!states_operations(before) && !states_operations(after)) return;
    if (!states_operations(after)) {
      return note(
          kOperationsDropped, after,
          "the remote no longer says what it is for, so Forge assumes that it stores in-scope End-User Data",
          before.operations->at, after.at);
    }
    if (!states_operations(before)) {
      return note(kOperationsStated, after,
                  "the remote now says what it is for; before, Forge assumed everything", before.at,
                  after.operations->at);
    }
    const auto gained = listed_only_in(*after.operations, *before.operations);
    if (!gained.empty()) {
      note(kOperationAdded, after, "the remote is now also for " + gained, before.operations->at,
           after.operations->at);
    }
    const auto lost = listed_only_in(*before.operations, *after.operations);
    if (!lost.empty()) {
      note(kOperationRemoved, after, "the remote is no longer for " + lost, before.operations->at,
           after.operations->at);
    }
  }

  static std::string listed_only_in(const Operations& here, const Operations& there) {
    std::string names;
    for (const auto operation :
         {Operation::storage, Operation::compute, Operation::fetch, Operation::other}) {
      if (!here.has(operation) || there.has(operation)) continue;
      names += (names.empty() ? "" : ", ") + std::string(to_string(operation));
    }
    return names;
  }

  void compare_in_scope(const Remote& before, const Remote& after) {
    const auto was = stated_in_scope(before);
    const auto is = stated_in_scope(after);
    if (was == is) return;
    const Position old_at = before.storage ? before.storage->at : before.at;
    const Position new_at = after.storage ? after.storage->at : after.at;
    if (is == true && (was == false || !counts_as_in_scope(before))) {
      return note(kInScopeSet, after, "the remote now stores in-scope End-User Data", old_at, new_at);
    }
    if (counts_as_in_scope(before) && !counts_as_in_scope(after)) {
      note(kInScopeChanged, after, "the remote no longer stores in-scope End-User Data", old_at, new_at);
    } else if (states_operations(after)) {
      note(kInScopeChanged, after,
           "what the remote says of in-scope End-User Data changed, what it means did not", old_at, new_at);
    }
  }

  void compare_configurable(const Remote& before, const Remote& after) {
    if (before.configurable.has_value() == after.configurable.has_value()) return;
    if (after.configurable) {
      note(kConfigurableAdded, after, "an admin can now choose the address of the remote", before.at,
           after.configurable->at);
    } else {
      note(kConfigurableRemoved, after, "no admin chooses the address of the remote any more",
           before.configurable->at, after.at);
    }
  }

  void compare_auth(const Remote& before, const Remote& after) {
    if (before.auth.system_enabled() == after.auth.system_enabled() &&
        before.auth.user_enabled() == after.auth.user_enabled()) {
      return;
    }
    note(kAuthChanged, after, "the remote gets other tokens than before",
         before.auth.at ? before.auth.at : before.at, after.auth.at ? after.auth.at : after.at);
  }

  const Manifest& before_;
  const Manifest& after_;
  Addresses fetched_before_;
  Addresses fetched_after_;
  Diff diff_;
};

}  // namespace

std::string_view to_string(Impact impact) noexcept {
  switch (impact) {
    case Impact::none:
      return "none";
    case Impact::minor:
      return "minor";
    case Impact::major:
      return "major";
  }
  return "none";
}

std::span<const DiffRule> diff_rules() noexcept { return kRules; }

Diff diff(const Manifest& before, const Manifest& after) { return Comparison(before, after).run(); }

}  // namespace tongs::manifest
