#include <algorithm>
#include <array>
#include <optional>

#include <tongs/ids.hpp>

namespace tongs {

namespace {

constexpr std::size_t kMaxLength = 255;

/// Letters, digits and some marks.
class Characters {
 public:
  consteval explicit Characters(std::string_view marks) {
    for (char c = '0'; c <= '9'; ++c) add(c);
    for (char c = 'a'; c <= 'z'; ++c) add(c);
    for (char c = 'A'; c <= 'Z'; ++c) add(c);
    for (const char c : marks) add(c);
  }
  /// Has `text` 1 to 255 characters, and only these?
  bool make_up(std::string_view text) const noexcept {
    return !text.empty() && text.size() <= kMaxLength &&
           std::all_of(text.begin(), text.end(),
                       [this](char c) { return has_[static_cast<unsigned char>(c)]; });
  }

 private:
  constexpr void add(char c) { has_[static_cast<unsigned char>(c)] = true; }
  std::array<bool, 256> has_{};
};

constexpr Characters kOfUuids("-_");
constexpr Characters kOfAccounts("-_.:~@+");
constexpr Characters kOfAris("-_.:/{}");

/// `prefix` + the bare id of `text`, which may be that ARI or the bare id.
std::optional<std::string> ecosystem_ari(std::string_view text, std::string_view prefix) {
  const std::string_view bare = text.starts_with(prefix) ? text.substr(prefix.size()) : text;
  if (!kOfUuids.make_up(bare) || prefix.size() + bare.size() > kMaxLength) return std::nullopt;
  std::string ari;
  ari.reserve(prefix.size() + bare.size());
  return ari.append(prefix).append(bare);
}

/// An environment's ARI may name the app first (contract 2.3): the same without it.
std::string_view without_app(std::string_view text, std::string_view prefix) noexcept {
  if (!text.starts_with(prefix)) return text;
  const std::size_t slash = text.find('/', prefix.size());
  if (slash == std::string_view::npos) return text;
  return kOfUuids.make_up(text.substr(prefix.size(), slash - prefix.size())) ? text.substr(slash + 1) : text;
}

}  // namespace

template <>
Result<AccountId> AccountId::parse(std::string_view text) {
  if (!kOfAccounts.make_up(text)) {
    return Error(Errc::invalid_argument,
                 "an account id has 1 to 255 letters, digits or -_.:~@+ and nothing else");
  }
  return AccountId(std::string(text), 0);
}

template <>
Result<InstallationId> InstallationId::parse(std::string_view text) {
  constexpr std::string_view prefix = "ari:cloud:ecosystem::installation/";
  auto ari = ecosystem_ari(text, prefix);
  if (!ari) {
    return Error(Errc::invalid_argument,
                 "an installation id is ari:cloud:ecosystem::installation/<uuid> or the bare uuid");
  }
  return InstallationId(std::move(*ari), prefix.size());
}

template <>
Result<AppId> AppId::parse(std::string_view text) {
  constexpr std::string_view prefix = "ari:cloud:ecosystem::app/";
  auto ari = ecosystem_ari(text, prefix);
  if (!ari) {
    return Error(Errc::invalid_argument, "an app id is ari:cloud:ecosystem::app/<uuid> or the bare uuid");
  }
  return AppId(std::move(*ari), prefix.size());
}

template <>
Result<EnvironmentId> EnvironmentId::parse(std::string_view text) {
  constexpr std::string_view prefix = "ari:cloud:ecosystem::environment/";
  auto ari = ecosystem_ari(without_app(text, prefix), prefix);
  if (!ari) {
    return Error(
        Errc::invalid_argument,
        "an environment id is ari:cloud:ecosystem::environment/[<app uuid>/]<uuid> or the bare uuid");
  }
  return EnvironmentId(std::move(*ari), prefix.size());
}

template <>
Result<CloudId> CloudId::parse(std::string_view text) {
  if (!kOfUuids.make_up(text)) return Error(Errc::invalid_argument, "a cloud id is the uuid of a site");
  return CloudId(std::string(text), 0);
}

template <>
Result<ContextAri> ContextAri::parse(std::string_view text) {
  if (!text.starts_with("ari:cloud:") || !kOfAris.make_up(text)) {
    return Error(Errc::invalid_argument,
                 "a context ARI looks like ari:cloud:jira::site/<cloud id>, without spaces or line breaks");
  }
  const auto slash = text.rfind('/');
  return ContextAri(std::string(text), slash == std::string_view::npos ? 0 : slash + 1);
}

}  // namespace tongs
