#pragma once
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tongs/manifest/check.hpp>

#include "manifest/content.hpp"

/// The rules: records with a function that looks for what breaks them, one file for each family.
namespace tongs::manifest::rules {

/// Takes down what one rule finds.
class Report {
 public:
  Report(const Manifest& manifest, const Rule& rule, std::vector<Finding>& findings)
      : manifest_(manifest), rule_(rule), findings_(findings) {}

  void add(const Position& at, std::string message) {
    const yaml::Tree& tree = manifest_.content().tree;
    findings_.push_back({&rule_, std::move(message), at, tree.path(at.node), tree.key_around(at.node),
                         std::exchange(meant_, {})});
  }
  void add(yaml::Node node, std::string message) { add(node.at(), std::move(message)); }

  /// For the message that is added next. The end of a message about a word that is none of `known`: `, did
  /// you mean 'x'?`, else `otherwise`. After a hundred suggestions a rule makes no more: nobody mends such a
  /// file word by word, and each costs time.
  std::string hint(std::string_view word, std::span<const std::string_view> known,
                   std::string_view otherwise);
  /// The same for the keys of remotes, endpoints or services.
  template <class Item>
  std::string hint_key(std::string_view word, const std::vector<Item>& items, std::string_view otherwise) {
    std::vector<std::string_view> keys;
    for (std::size_t i = 0; i < items.size() && i < kMostCandidates && suggestions_left_ > 0; ++i) {
      keys.emplace_back(items[i].key.value);
    }
    return hint(word, keys, otherwise);
  }

 private:
  static constexpr std::size_t kMostCandidates = 256;
  const Manifest& manifest_;
  const Rule& rule_;
  std::vector<Finding>& findings_;
  std::size_t suggestions_left_ = 100;
  std::string meant_;  ///< of the last hint
};

struct Entry {
  Rule rule;
  void (*look)(const Manifest& manifest, Report& report);
};

std::span<const Entry> document();
std::span<const Entry> remotes_shape();
std::span<const Entry> remotes_properties();
std::span<const Entry> remotes_semantics();
std::span<const Entry> endpoints();
std::span<const Entry> module_backend();
std::span<const Entry> references();
std::span<const Entry> callers();
std::span<const Entry> connect();
std::span<const Entry> providers();
std::span<const Entry> permissions();
std::span<const Entry> advices();
std::span<const Entry> egress_advices();

inline yaml::Node root_of(const Manifest& manifest) noexcept { return manifest.content().tree.root(); }

/// Is the text at that place unknown, because it uses a variable of the environment that has no value?
bool uses_unset_variable(const Manifest& manifest, const Position& at) noexcept;

/// Records are written as calls, with examples that start on a line of their own.
constexpr Rule record(std::string_view id, Source source, Severity severity, std::string_view code,
                      std::string_view summary, std::string_view mend, std::string_view bad,
                      std::string_view good) {
  return {id, source, severity, code, summary, mend, bad.substr(1), good.substr(1)};
}
constexpr Rule forge_error(std::string_view id, std::string_view code, std::string_view summary,
                           std::string_view mend, std::string_view bad, std::string_view good) {
  return record(id, Source::forge, Severity::error, code, summary, mend, bad, good);
}
constexpr Rule forge_warning(std::string_view id, std::string_view code, std::string_view summary,
                             std::string_view mend, std::string_view bad, std::string_view good) {
  return record(id, Source::forge, Severity::warning, code, summary, mend, bad, good);
}
constexpr Rule reference_error(std::string_view id, std::string_view summary, std::string_view mend,
                               std::string_view bad, std::string_view good) {
  return record(id, Source::reference, Severity::error, "", summary, mend, bad, good);
}
/// A text that cannot be read, for a reason that the official tool does not know.
constexpr Rule tongs_error(std::string_view id, std::string_view summary, std::string_view mend,
                           std::string_view bad, std::string_view good) {
  return record(id, Source::tongs, Severity::error, "", summary, mend, bad, good);
}
constexpr Rule advice(std::string_view id, std::string_view summary, std::string_view mend,
                      std::string_view bad, std::string_view good) {
  return record(id, Source::tongs, Severity::warning, "", summary, mend, bad, good);
}

/// The codes that the official tool prints.
inline constexpr std::string_view kYaml = "valid-yaml-required";
inline constexpr std::string_view kDocument = "valid-document-required";
inline constexpr std::string_view kModule = "valid-module-required";
inline constexpr std::string_view kAppConfig = "valid-app-config-required";
inline constexpr std::string_view kPermissions = "valid-permissions-required";
inline constexpr std::string_view kProvider = "valid-provider-required";

}  // namespace tongs::manifest::rules
