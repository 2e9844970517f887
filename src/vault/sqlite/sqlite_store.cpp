#include "vault/sqlite/sqlite_store.hpp"

#include <array>
#include <cstdint>
#include <utility>

#include "vault/files.hpp"
#include "vault/sqlite/database.hpp"

namespace tongs::vault {

namespace {

using sqlite::Database;
using sqlite::Statement;

constexpr std::int64_t kApplicationId = 0x546f6e67;  // "Tong", in the file's header

/// Step n brings a file of version n to version n + 1. A step that was released never changes.
constexpr std::array kMigrations = {
    "CREATE TABLE sealed_row ("
    "  kind INTEGER NOT NULL,"
    "  installation TEXT NOT NULL,"
    "  account TEXT NOT NULL,"
    "  ends_at INTEGER NOT NULL,"
    "  sealed BLOB NOT NULL,"
    "  PRIMARY KEY (kind, installation, account)) STRICT",
    // From here on there may be kinds and fields that version 1 does not know, and would erase or take for
    // damage: it keeps away.
    "-- no change of the schema",
};
constexpr auto kVersion = static_cast<std::int64_t>(kMigrations.size());

constexpr const char* kUpsert =
    "INSERT INTO sealed_row (kind, installation, account, ends_at, sealed) VALUES (?1, ?2, ?3, ?4, ?5) "
    "ON CONFLICT (kind, installation, account) DO UPDATE SET ends_at = excluded.ends_at, sealed = "
    "excluded.sealed";
constexpr const char* kErase =
    "DELETE FROM sealed_row WHERE kind = ?1 AND installation = ?2 AND account = ?3";
constexpr const char* kKeyChecks = "SELECT account, sealed FROM sealed_row WHERE kind = 0";
constexpr const char* kLoad =
    "SELECT kind, installation, account, ends_at, sealed FROM sealed_row WHERE kind <> 0";

class SqliteStore final : public Store {
 public:
  SqliteStore(Database database, std::int64_t version, const SqliteOptions& options)
      : database_(std::move(database)), version_(version), options_(options) {}

  Result<std::vector<KeyCheck>> key_checks() override {
    std::vector<KeyCheck> checks;
    if (version_ == 0) return checks;
    auto query = database_.prepare(kKeyChecks);
    if (!query) return query.error();
    for (;;) {
      auto row = query->step();
      if (!row) return row.error();
      if (!*row) return checks;
      checks.push_back({std::string(query->bytes(0)), std::string(query->bytes(1))});
    }
  }

  Result<void> prepare() override {
    return configure()
        .and_then([this] { return migrate(); })
        .and_then([this] { return statement(begin_, "BEGIN IMMEDIATE"); })
        .and_then([this] { return statement(commit_, "COMMIT"); })
        .and_then([this] { return statement(upsert_, kUpsert); })
        .and_then([this] { return statement(erase_, kErase); });
  }

  Result<void> load(const std::function<void(const RowView&)>& each) override {
    auto query = database_.prepare(kLoad);
    if (!query) return query.error();
    for (;;) {
      auto row = query->step();
      if (!row) return row.error();
      if (!*row) return {};
      each({.kind = static_cast<RowKind>(query->integer(0)),
            .installation = query->bytes(1),
            .account = query->bytes(2),
            .ends_at = query->integer(3),
            .sealed = query->bytes(4)});
    }
  }

  Result<void> begin() override {
    if (database_.has_moved()) return gone();
    return begin_.run();
  }

  Result<void> put(const RowView& row) override {
    upsert_.bind(1, static_cast<std::int64_t>(row.kind));
    upsert_.bind_text(2, row.installation);
    upsert_.bind_text(3, row.account);
    upsert_.bind(4, row.ends_at);
    upsert_.bind_blob(5, row.sealed);
    return upsert_.run();
  }

  Result<void> erase(const RowKey& key) override {
    erase_.bind(1, static_cast<std::int64_t>(key.kind));
    erase_.bind_text(2, key.installation);
    erase_.bind_text(3, key.account);
    return erase_.run();
  }

  Result<void> commit() override { return commit_.run(); }

  void rollback() noexcept override {
    // Some failures have rolled back already. Where this one fails too, the next BEGIN says so.
    if (database_.in_transaction()) (void)database_.execute("ROLLBACK");
  }

  Result<void> backup(const std::string& path) override {
    auto created = create_private_file(path);
    if (!created) return created.error();
    if (!*created) return Error(Errc::invalid_argument, "there is a file already where the backup should go");
    auto target = Database::open(path, Database::Mode::existing, options_.lock_wait);
    if (!target) return target.error();
    return database_.copy_to(*target);
  }

 private:
  static Error gone() {
    return {
        Errc::storage_failed,
        "the vault file was deleted or replaced while it was in use: put it back, or restart the gateway to "
        "start a new one"};
  }

  Result<void> statement(Statement& into, const char* sql) {
    auto prepared = database_.prepare(sql);
    if (!prepared) return prepared.error();
    into = std::move(*prepared);
    return {};
  }

  /// WAL: a commit appends to one file and waits for no disk unless it shall survive a power cut.
  Result<void> configure() {
    return database_.checkpoint_on_close(true)
        .and_then([this] { return database_.execute("PRAGMA journal_mode = WAL"); })
        .and_then([this] {
          return database_.execute(options_.survive_power_loss ? "PRAGMA synchronous = FULL"
                                                               : "PRAGMA synchronous = NORMAL");
        })
        .and_then([this] { return database_.execute("PRAGMA journal_size_limit = 67108864"); });
  }

  Result<void> migrate() {
    if (version_ == kVersion) return {};
    auto done = database_.execute("BEGIN IMMEDIATE");
    for (auto step = version_; done && step < kVersion; ++step) {
      done = database_.execute(kMigrations[static_cast<std::size_t>(step)]);
    }
    const std::string marks = "PRAGMA application_id = " + std::to_string(kApplicationId) +
                              "; PRAGMA user_version = " + std::to_string(kVersion) + "; COMMIT";
    if (done) done = database_.execute(marks.c_str());
    if (!done) rollback();
    return done;
  }

  Database database_;
  std::int64_t version_;
  SqliteOptions options_;
  Statement begin_;
  Statement commit_;
  Statement upsert_;
  Statement erase_;
};

/// The version of a file that is ours; 0 for an empty one.
Result<std::int64_t> version_of(Database& database) {
  const auto objects = database.integer("SELECT count(*) FROM sqlite_schema");
  if (!objects) return objects.error();
  if (*objects == 0) return 0;
  const auto application = database.integer("PRAGMA application_id");
  if (!application) return application.error();
  if (*application != kApplicationId) {
    return Error(Errc::storage_failed, "the vault file is a SQLite file of another program: check the path");
  }
  const auto version = database.integer("PRAGMA user_version");
  if (!version) return version.error();
  if (*version > kVersion) {
    return Error(Errc::storage_failed,
                 "the vault file was written by a newer version of tongs: update this one, or restore a "
                 "backup from before");
  }
  return *version;
}

/// The lock is kept until the connection ends; the kernel lets go of it even after `kill -9`.
Result<void> lock(Database& database) {
  return database.checkpoint_on_close(false)
      .and_then([&] { return database.execute("PRAGMA locking_mode = EXCLUSIVE"); })
      .and_then([&] { return database.execute("BEGIN EXCLUSIVE; COMMIT"); });
}

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite_store(const std::string& path, const SqliteOptions& options) {
  const bool in_memory = path == ":memory:";
  if (!in_memory) {
    // SQLite would create it with whatever the umask allows. Its -wal file gets the mode of this one.
    if (auto created = create_private_file(path); !created) return created.error();
  }
  auto database =
      Database::open(path, in_memory ? Database::Mode::create : Database::Mode::existing, options.lock_wait);
  if (!database) return database.error();
  if (auto locked = lock(*database); !locked) return locked.error();
  const auto version = version_of(*database);
  if (!version) return version.error();
  return std::unique_ptr<Store>(std::make_unique<SqliteStore>(std::move(*database), *version, options));
}

}  // namespace tongs::vault
