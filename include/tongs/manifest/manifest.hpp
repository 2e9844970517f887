#pragma once
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tongs::manifest {

/// A place in the text of a manifest. Lines and columns count from 1; a column is one character (code point),
/// a tab is one, a byte order mark is none. Zero: there is no such place.
struct Position {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  /// The node that stands here, for `Manifest::path`. Not part of the comparison.
  std::uint32_t node = 0;

  explicit operator bool() const noexcept { return line != 0; }
  friend bool operator==(const Position& a, const Position& b) noexcept {
    return a.line == b.line && a.column == b.column;
  }
  friend std::strong_ordering operator<=>(const Position& a, const Position& b) noexcept {
    if (const auto by_line = a.line <=> b.line; by_line != 0) return by_line;
    return a.column <=> b.column;
  }
};

/// A value and where it stands.
template <class T>
struct Located {
  T value{};
  Position at;
};

/// What a remote does with the data it gets (`operations`).
enum class Operation : std::uint8_t { storage, compute, fetch, other };
std::string_view to_string(Operation operation) noexcept;

struct Operations {
  Position at;
  std::vector<Located<Operation>> listed;
  /// False: something in the list is no operation, so it is not known what else the remote does.
  bool legible = true;

  bool has(Operation operation) const noexcept;
};

/// The names that a map of regions may have (`@forge/manifest` 13.7.0).
inline constexpr std::array<std::string_view, 12> kRegions{"default", "EU", "US", "AU", "DE", "SG",
                                                           "CA",      "IN", "KR", "JP", "GB", "CH"};

/// The URL of one region. A plain `baseUrl` is the one region `default`.
struct RegionUrl {
  Located<std::string> region;
  std::string url;
  Position url_at;
};

struct BaseUrl {
  Position at;
  bool regional = false;        ///< written as a map of regions
  std::vector<RegionUrl> urls;  ///< of regions in kRegions, each at most once

  const RegionUrl* find(std::string_view region) const noexcept;
};

/// Tokens that Forge sends along (`auth`). Absent: the text does not say, which means no.
struct Auth {
  Position at;
  std::optional<Located<bool>> app_system_token;
  std::optional<Located<bool>> app_user_token;

  bool system_enabled() const noexcept { return app_system_token && app_system_token->value; }
  bool user_enabled() const noexcept { return app_user_token && app_user_token->value; }
};

struct Storage {
  Position at;
  std::optional<Located<bool>> in_scope_eud;  ///< in-scope End-User Data
};

/// A remote whose address an admin sets (contract 8.1.6).
struct Configurable {
  Position at;
  std::string name;
  std::vector<Located<std::string>> supported_patterns;
};

struct Remote {
  Position at;
  Located<std::string> key;  ///< empty if there is none that can be read
  std::optional<BaseUrl> base_url;
  std::optional<Operations> operations;
  Auth auth;
  std::optional<Storage> storage;
  std::optional<Configurable> configurable;
};

/// An entry of `modules.endpoint`.
struct Endpoint {
  Position at;
  Located<std::string> key;
  std::optional<Located<std::string>> remote;
  std::optional<Located<std::string>> service;
  /// `route.path`, or `route` itself where it is a string (contract 8.2.2).
  std::optional<Located<std::string>> route;
  Auth auth;
};

/// A place in a module that names an endpoint or a function.
struct Reference {
  enum class To : std::uint8_t { endpoint, function };
  To to = To::endpoint;
  Located<std::string> key;
  std::string property;   ///< the way to it inside the module, such as `resolver.endpoint`; at most 511 bytes
  std::size_t depth = 1;  ///< names in `property`
  bool in_list = false;   ///< the way leads through a list
};

/// An entry of `modules.<type>` other than `endpoint`, or of `connectModules.<type>`.
struct Module {
  Position at;
  Located<std::string> type;
  Located<std::string> key;
  std::vector<Reference> references;
  std::vector<Located<std::string>> events;      ///< `trigger`
  std::optional<Located<std::string>> interval;  ///< `scheduledTrigger`
  std::optional<Located<std::string>> queue;     ///< `consumer`

  /// The endpoint that Forge calls for this module: `endpoint`, else `resolver.endpoint`, else null.
  const Reference* endpoint() const noexcept;
};

struct Connect {
  Position at;
  Located<std::string> key;
  std::optional<Located<std::string>> remote;
};

struct App {
  Position at;
  Located<std::string> id;
  std::string name;  ///< deprecated by Forge, often absent
  std::string runtime;
  bool licensed = false;
  std::optional<Connect> connect;
};

struct Scope {
  Located<std::string> name;
  bool allow_impersonation = false;  ///< only where `scopes` is a map
};

/// An entry of `permissions.external.fetch`: an address, or the key of a remote.
struct FetchEntry {
  Position at;
  std::optional<Located<std::string>> address;
  std::optional<Located<std::string>> remote;
  std::optional<Located<bool>> in_scope_eud;
};

struct Permissions {
  Position at;
  Position scopes_at;
  std::vector<Scope> scopes;
  std::vector<FetchEntry> fetch_backend;
  std::vector<FetchEntry> fetch_client;
  bool configurable_egress = false;  ///< `external.configurable.enabled`

  const Scope* find_scope(std::string_view name) const noexcept;
};

/// An entry of `providers.auth`.
struct AuthProvider {
  Position at;
  Located<std::string> key;
  std::vector<Located<std::string>> remotes;         ///< the list `remotes`
  std::vector<Located<std::string>> action_remotes;  ///< `actions.<name>.remote`
};

struct Service {
  Position at;
  Located<std::string> key;
};

/// An entry of `environment.variables`.
struct Variable {
  Located<std::string> key;
  std::optional<std::string> default_value;
};

struct ParseOptions {
  /// The value of an environment variable, for `${NAME}` of the variables that the manifest lists. Default:
  /// none has a value, only the defaults in the text count.
  std::function<std::optional<std::string>(std::string_view name)> variable = {};
};

namespace detail {
struct Content;
}

/// The manifest of a Forge app, read from YAML 1.2. Reading is tolerant: what has the wrong shape is left out
/// of the model and found by `check`, so that a server can run what a developer is still writing. Copies
/// share their content. Thread safety: const.
class Manifest {
 public:
  /// Largest text, deepest nesting and most nodes (aliases followed) that are read.
  static constexpr std::size_t kMaxBytes = 1024 * 1024;
  static constexpr std::size_t kMaxDepth = 64;
  static constexpr std::size_t kMaxNodes = 200'000;

  /// `text`: UTF-8. Never fails: a text that is no manifest gives an empty model, or one of what could be
  /// made out, see `readable`.
  static Manifest parse(std::string_view text, const ParseOptions& options = {});

  /// Is the text one valid YAML document with a map at its top? If not, `check` says why, and the model must
  /// not be believed: of a key that stands twice it has the first value, of two documents the first.
  bool readable() const noexcept;

  const App& app() const noexcept;
  /// Does the text have the property `remotes` with at least one entry?
  const std::vector<Remote>& remotes() const noexcept;
  const std::vector<Endpoint>& endpoints() const noexcept;
  const std::vector<Module>& modules() const noexcept;
  const std::vector<Module>& connect_modules() const noexcept;
  const Permissions& permissions() const noexcept;
  const std::vector<AuthProvider>& auth_providers() const noexcept;
  const std::vector<Service>& services() const noexcept;
  const std::vector<Variable>& variables() const noexcept;

  /// The first of that key, or null.
  const Remote* find_remote(std::string_view key) const noexcept;
  const Endpoint* find_endpoint(std::string_view key) const noexcept;
  const Service* find_service(std::string_view key) const noexcept;

  /// Where in the document a position of this manifest is, as a JSON Pointer (RFC 6901):
  /// `/remotes/0/baseUrl`.
  std::string path(const Position& at) const;

  /// For the rules.
  const detail::Content& content() const noexcept { return *content_; }

 private:
  explicit Manifest(std::shared_ptr<const detail::Content> content) noexcept;
  std::shared_ptr<const detail::Content> content_;
};

}  // namespace tongs::manifest
