#include <array>
#include <string>

#include "manifest/rules/shape.hpp"
#include "manifest/words.hpp"

namespace tongs::manifest::rules {

namespace {

using yaml::Node;

constexpr std::array<std::string_view, 6> kRemoteProperties{"key",  "baseUrl", "operations",
                                                            "auth", "storage", "configurable"};

void remotes_is_a_list(const Manifest& manifest, Report& report) {
  const Node remotes = root_of(manifest)["remotes"];
  if (remotes && !remotes.is_sequence()) {
    report.add(remotes, "'remotes' is a list of remotes" + instead_of(remotes) +
                            ": start each remote with '- key: …', or remove 'remotes'");
  }
}

void remote_is_a_map(const Manifest& manifest, Report& report) {
  for (const Node remote : root_of(manifest)["remotes"].items()) {
    if (!remote.is_mapping()) {
      report.add(remote, "a remote is a map with 'key' and 'baseUrl'" + instead_of(remote));
    }
  }
}

void known_properties(const Manifest& manifest, Report& report) {
  for_each_remote(manifest, [&](Node remote) {
    report_unknown_properties(remote, kRemoteProperties, "a remote", report);
  });
}

void key_is_there(const Manifest& manifest, Report& report) {
  for_each_remote(manifest, [&](Node remote) {
    if (!remote["key"]) {
      report.add(remote, "this remote has no 'key': add one, endpoints and permissions refer to it");
    }
  });
}

void key_is_text(const Manifest& manifest, Report& report) {
  for_each_remote(manifest, [&](Node remote) {
    const Node key = remote["key"];
    if (!key || key.is_string()) return;
    const bool scalar = !key.is_null() && !is_collection(key);
    report.add(key, "the key of a remote is text" + instead_of(key) + (scalar ? ": put it in quotes" : ""));
  });
}

void key_has_allowed_characters(const Manifest& manifest, Report& report) {
  for_each_remote(manifest, [&](Node remote) {
    const Node key = remote["key"];
    if (!key.is_string() || is_key(key.text())) return;
    report.add(key, "the key " + quoted(key.text()) +
                        (key.text().empty() ? " is empty: use letters, digits, '-' and '_'"
                                            : " has characters other than letters, digits, '-' and '_'"));
  });
}

void key_is_short(const Manifest& manifest, Report& report) {
  for_each_remote(manifest, [&](Node remote) {
    const Node key = remote["key"];
    const std::size_t length = length_of(key.text());
    if (!key.is_string() || length <= kLongestRemoteKey) return;
    report.add(key, "the key " + quoted(key.text()) + " has " + std::to_string(length) +
                        " characters: at most 23 are allowed");
  });
}

void base_url_is_text_or_map(const Manifest& manifest, Report& report) {
  for_each_remote(manifest, [&](Node remote) {
    const Node url = remote["baseUrl"];
    if (!url || url.is_string() || url.is_mapping()) return;
    report.add(url, "'baseUrl' is a URL, or a map from region to URL" + instead_of(url));
  });
}

void regions_are_known(const Manifest& manifest, Report& report) {
  for_each_remote(manifest, [&](Node remote) {
    for (const auto [region, url] : remote["baseUrl"].entries()) {
      if (contains(kRegions, region.text())) continue;
      if (is_collection(region)) {
        report.add(region, std::string(kKeyIsCollection));
        continue;
      }
      const bool uk = region.text() == "UK";
      report.add(region, "unknown region " + quoted(region.text()) +
                             (uk ? ", did you mean 'GB'?"
                                 : report.hint(region.text(), kRegions, ": use " + either(kRegions))));
    }
  });
}

void default_region_is_there(const Manifest& manifest, Report& report) {
  for_each_remote(manifest, [&](Node remote) {
    const Node url = remote["baseUrl"];
    if (!url.is_mapping() || url["default"]) return;
    report.add(url, "this 'baseUrl' has no 'default': add the URL for sites that are in no listed region");
  });
}

void region_urls_are_text(const Manifest& manifest, Report& report) {
  for_each_remote(manifest, [&](Node remote) {
    for (const auto [region, url] : remote["baseUrl"].entries()) {
      if (is_collection(region) || (url.is_string() && !url.text().empty())) continue;
      report.add(url, "the URL of the region " + quoted(region.text()) +
                          (url.is_string() ? " is empty: name its URL, or remove the region"
                                           : " is text" + instead_of(url)));
    }
  });
}

constexpr std::array kEntries = {
    Entry{forge_error("remotes-list", kDocument, "`remotes` is a list.",
                      "Start each remote with `- key: …`. Remove `remotes` if there is none.",
                      R"(
remotes:
  key: backend
  baseUrl: https://api.example.com
)",
                      R"(
remotes:
  - key: backend
    baseUrl: https://api.example.com
)"),
          remotes_is_a_list},
    Entry{forge_error("remote-map", kDocument, "Each entry of `remotes` is a map.",
                      "Write `- key: …` and below it `baseUrl: …`.", R"(
remotes:
  - https://api.example.com
)",
                      R"(
remotes:
  - key: backend
    baseUrl: https://api.example.com
)"),
          remote_is_a_map},
    Entry{
        forge_error(
            "remote-unknown-property", kDocument,
            "A remote has `key`, `baseUrl`, `operations`, `auth`, `storage` and `configurable`, and nothing "
            "else.",
            "Correct the spelling (upper and lower case count), or remove the property.",
            R"(
remotes:
  - key: backend
    baseURL: https://api.example.com
)",
            R"(
remotes:
  - key: backend
    baseUrl: https://api.example.com
)"),
        known_properties},
    Entry{forge_error("remote-key-missing", kDocument, "A remote has a `key`.",
                      "Add `key: …`; endpoints and permissions refer to it.", R"(
remotes:
  - baseUrl: https://api.example.com
)",
                      R"(
remotes:
  - key: backend
    baseUrl: https://api.example.com
)"),
          key_is_there},
    Entry{forge_error("remote-key-string", kDocument, "The `key` of a remote is text.",
                      "Put a key that looks like a number or a truth value in quotes.",
                      R"(
remotes:
  - key: 123
    baseUrl: https://api.example.com
)",
                      R"(
remotes:
  - key: '123'
    baseUrl: https://api.example.com
)"),
          key_is_text},
    Entry{
        forge_error("remote-key-pattern", kDocument,
                    "The `key` of a remote consists of letters, digits, `-` and `_`.", "Choose another key.",
                    R"(
remotes:
  - key: my.backend
    baseUrl: https://api.example.com
)",
                    R"(
remotes:
  - key: my-backend
    baseUrl: https://api.example.com
)"),
        key_has_allowed_characters},
    Entry{forge_error("remote-key-length", kDocument, "The `key` of a remote has at most 23 characters.",
                      "Choose a shorter key.",
                      R"(
remotes:
  - key: the-backend-of-our-great-app
    baseUrl: https://api.example.com
)",
                      R"(
remotes:
  - key: backend
    baseUrl: https://api.example.com
)"),
          key_is_short},
    Entry{forge_error("remote-base-url-type", kDocument, "`baseUrl` is a URL, or a map from region to URL.",
                      "Write one URL, or one for each region.",
                      R"(
remotes:
  - key: backend
    baseUrl:
      - https://api.example.com
)",
                      R"(
remotes:
  - key: backend
    baseUrl: https://api.example.com
)"),
          base_url_is_text_or_map},
    Entry{forge_error("remote-region-unknown", kDocument,
                      "A region is one of EU, US, AU, DE, SG, CA, IN, KR, JP, GB, CH, or `default`.",
                      "Use a region that Forge knows, in upper case.",
                      R"(
remotes:
  - key: backend
    baseUrl:
      default: https://api.example.com
      UK: https://uk.example.com
)",
                      R"(
remotes:
  - key: backend
    baseUrl:
      default: https://api.example.com
      GB: https://uk.example.com
)"),
          regions_are_known},
    Entry{forge_error("remote-region-default", kDocument, "A map of regions has the entry `default`.",
                      "Add `default: …` for sites that are in no listed region.",
                      R"(
remotes:
  - key: backend
    baseUrl:
      EU: https://eu.example.com
)",
                      R"(
remotes:
  - key: backend
    baseUrl:
      default: https://api.example.com
      EU: https://eu.example.com
)"),
          default_region_is_there},
    Entry{forge_error("remote-region-url", kDocument, "The URL of a region is text, not empty.",
                      "Name the URL of the region, or remove the region.",
                      R"(
remotes:
  - key: backend
    baseUrl:
      default: ''
)",
                      R"(
remotes:
  - key: backend
    baseUrl:
      default: https://api.example.com
)"),
          region_urls_are_text},
};

}  // namespace

std::span<const Entry> remotes_shape() { return kEntries; }

}  // namespace tongs::manifest::rules
