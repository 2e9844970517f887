#pragma once
#include <compare>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include <tongs/result.hpp>

namespace tongs {

/// A checked identifier. Two kinds never mix, and no byte that could end a header, a path segment or a field
/// of the egress proxy's grammar gets in: letters, digits and a few of `-_.:~/@+` by kind, at most 255 bytes.
/// Thread safety: const.
template <class Tag>
class Id {
 public:
  /// Errors: invalid_argument, with a message that names the kind and the rule, never the text.
  static Result<Id> parse(std::string_view text);

  /// The canonical form: for installations, apps and environments the ARI.
  const std::string& str() const noexcept { return text_; }
  /// The last segment of the canonical form: the bare UUID where the form is an ARI (contract 1.6.11).
  std::string_view bare() const noexcept { return std::string_view(text_).substr(bare_); }

  friend bool operator==(const Id& a, const Id& b) noexcept { return a.text_ == b.text_; }
  friend auto operator<=>(const Id& a, const Id& b) noexcept { return a.text_ <=> b.text_; }

 private:
  Id(std::string text, std::size_t bare) : text_(std::move(text)), bare_(bare) {}
  std::string text_;
  std::size_t bare_;
};

/// An Atlassian account, such as `655362:312d3308-8954-42b0-aa38-771a10c88656` (contract 2.3).
using AccountId = Id<struct AccountIdTag>;
/// One installation of an app. Accepts the ARI `ari:cloud:ecosystem::installation/<uuid>` and the bare UUID.
using InstallationId = Id<struct InstallationIdTag>;
/// An app. Accepts the ARI `ari:cloud:ecosystem::app/<uuid>` and the bare UUID.
using AppId = Id<struct AppIdTag>;
/// An app's environment. Accepts the ARI with one or two UUIDs and the bare UUID; the last one counts
/// (contract 2.3).
using EnvironmentId = Id<struct EnvironmentIdTag>;
/// A Jira or Confluence tenant: the UUID of the site.
using CloudId = Id<struct CloudIdTag>;
/// Where an app is installed, such as `ari:cloud:jira::site/<cloudId>` (contract 4.3).
using ContextAri = Id<struct ContextAriTag>;

}  // namespace tongs

template <class Tag>
struct std::hash<tongs::Id<Tag>> {
  std::size_t operator()(const tongs::Id<Tag>& id) const noexcept {
    return std::hash<std::string>{}(id.str());
  }
};
