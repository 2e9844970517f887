#pragma once
#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <tongs/result.hpp>

namespace tongs::vault {

/// The numbers are on disk: never reuse one.
/// A new kind needs a new version of the store, so that no program meets kinds that it does not know.
enum class RowKind : std::uint8_t {
  key_check = 0,
  installation = 1,
  system_token = 2,
  user_token = 3,
  oauth_client = 4,
  user_consent = 5,
};

/// Names one row of the vault in any store.
struct RowKey {
  RowKind kind{};
  std::string installation;  ///< the bare id; empty for a key check
  std::string account;  ///< of a user token or consent; the id of a key or of an OAuth client; else empty

  friend auto operator<=>(const RowKey&, const RowKey&) = default;
};

/// A row of kind `key_check`: proves that a key is the one that rows of this store are sealed under.
struct KeyCheck {
  std::string key_id;
  std::string sealed;
};

/// A row as a store sees it. A store never sees what is sealed.
struct RowView {
  RowKind kind{};
  std::string_view installation;
  std::string_view account;
  /// When the token in the row ends, in Unix seconds; 0 where nothing ends. In clear so that a store shared
  /// by many gateways can let the longest-lived win; bound to what is sealed.
  std::int64_t ends_at = 0;
  std::string_view sealed;
};

/// Where sealed rows rest. It knows neither keys nor meaning, so that SQLite, PostgreSQL and Redis differ in
/// nothing else. Used by one thread at a time. Errors of every member: storage_failed.
/// Thread safety: none.
class Store {
 public:
  virtual ~Store() = default;

  /// None in a store that is new. Changes nothing.
  virtual Result<std::vector<KeyCheck>> key_checks() = 0;
  /// Brings the store to the schema of this program. Called once, after the keys were found to fit.
  virtual Result<void> prepare() = 0;
  /// Every row but the key checks, in any order. The views are valid during the call.
  virtual Result<void> load(const std::function<void(const RowView&)>& each) = 0;

  /// One transaction: after `commit` gave a value all of it is durable, before that nothing of it is.
  virtual Result<void> begin() = 0;
  virtual Result<void> put(const RowView& row) = 0;
  virtual Result<void> erase(const RowKey& key) = 0;
  virtual Result<void> commit() = 0;
  virtual void rollback() noexcept = 0;

  /// Writes a consistent copy to a new file. Errors also: invalid_argument (the file exists, or this store
  /// has no file).
  virtual Result<void> backup(const std::string& path) = 0;
};

}  // namespace tongs::vault
