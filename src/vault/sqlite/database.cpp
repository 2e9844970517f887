#include "vault/sqlite/database.hpp"

#include <filesystem>
#include <utility>

#include <sqlite3.h>

namespace tongs::vault::sqlite {

namespace {

std::string_view meaning_of(int code) noexcept {
  switch (code & 0xff) {
    case SQLITE_FULL:
      return "the disk of the vault is full: free some space, what is in memory is then written";
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return "the vault file cannot be written: check its owner, its mode and that its disk is not read-only";
    case SQLITE_CANTOPEN:
      return "the vault file cannot be opened: check that its directory is there and that this user may "
             "write "
             "in it";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "another process holds the vault file: a SQLite vault belongs to one gateway at a time";
    case SQLITE_NOTADB:
      return "the vault file is not a SQLite file: check the path";
    case SQLITE_CORRUPT:
      return "the vault file is damaged: restore a backup, or move it away and let the gateway start a new "
             "one";
    case SQLITE_IOERR:
      return "the disk of the vault failed to read or write";
    case SQLITE_NOMEM:
      return "there was no memory for the vault's database";
    default:
      return "SQLite refused an operation of the vault";
  }
}

}  // namespace

Error error_for(int code) {
  std::string message(meaning_of(code));
  message.append(" (SQLite ").append(std::to_string(code)).append(")");
  const bool held = (code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_LOCKED;
  return {held ? Errc::conflict : Errc::storage_failed, std::move(message)};
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }

void Statement::bind(int parameter, std::int64_t value) noexcept {
  sqlite3_bind_int64(statement_.get(), parameter, value);
}

void Statement::bind_text(int parameter, std::string_view value) noexcept {
  sqlite3_bind_text64(statement_.get(), parameter, value.data(), value.size(), SQLITE_STATIC, SQLITE_UTF8);
}

void Statement::bind_blob(int parameter, std::string_view value) noexcept {
  sqlite3_bind_blob64(statement_.get(), parameter, value.data(), value.size(), SQLITE_STATIC);
}

Result<bool> Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  reset();
  if (code == SQLITE_DONE) return false;
  return error_for(code);
}

Result<void> Statement::run() {
  auto row = step();
  if (!row) return row.error();
  reset();
  return {};
}

void Statement::reset() noexcept { sqlite3_reset(statement_.get()); }

std::int64_t Statement::integer(int column) const noexcept {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string_view Statement::bytes(int column) const noexcept {
  const void* data = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return {static_cast<const char*>(data), static_cast<std::size_t>(size)};
}

void Database::Close::operator()(sqlite3* connection) const noexcept { sqlite3_close_v2(connection); }

Result<Database> Database::open(const std::string& path, Mode mode, std::chrono::milliseconds busy_wait) {
  // An absolute path is never taken for a URI or a special name.
  const std::string name = path == ":memory:" ? path : std::filesystem::absolute(path).string();
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                    (mode == Mode::create ? SQLITE_OPEN_CREATE : 0);
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(name.c_str(), &handle, flags, nullptr);
  Database database(handle);
  if (code != SQLITE_OK) return error_for(code);
  if (sqlite3_db_readonly(handle, "main") == 1) return error_for(SQLITE_READONLY);
  sqlite3_busy_timeout(handle, static_cast<int>(busy_wait.count()));
  // The file is foreign until it proves to be ours: nothing in its schema may run.
  for (const auto& [option, value] : {std::pair{SQLITE_DBCONFIG_DEFENSIVE, 1},
                                      {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
                                      {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
                                      {SQLITE_DBCONFIG_ENABLE_VIEW, 0}}) {
    const int set = sqlite3_db_config(handle, option, value, nullptr);
    if (set != SQLITE_OK) return error_for(set);
  }
  return database;
}

Result<void> Database::execute(const char* sql) {
  const int code = sqlite3_exec(connection_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return error_for(code);
  return {};
}

Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* handle = nullptr;
  const int code = sqlite3_prepare_v3(connection_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
  if (code != SQLITE_OK) return error_for(code);
  return Statement(handle);
}

Result<std::int64_t> Database::integer(std::string_view sql) {
  auto query = prepare(sql);
  if (!query) return query.error();
  auto row = query->step();
  if (!row) return row.error();
  return *row ? query->integer(0) : 0;
}

Result<void> Database::checkpoint_on_close(bool wanted) {
  const int code =
      sqlite3_db_config(connection_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, wanted ? 0 : 1, nullptr);
  if (code != SQLITE_OK) return error_for(code);
  return {};
}

bool Database::in_transaction() const noexcept { return sqlite3_get_autocommit(connection_.get()) == 0; }

bool Database::has_moved() const noexcept {
  int moved = 0;
  const int code = sqlite3_file_control(connection_.get(), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
  return code == SQLITE_OK && moved != 0;
}

Result<void> Database::copy_to(Database& target) {
  sqlite3_backup* copy = sqlite3_backup_init(target.connection_.get(), "main", connection_.get(), "main");
  if (copy == nullptr) return error_for(sqlite3_extended_errcode(target.connection_.get()));
  sqlite3_backup_step(copy, -1);
  const int code = sqlite3_backup_finish(copy);  // reports what the step met
  if (code != SQLITE_OK) return error_for(code);
  return {};
}

}  // namespace tongs::vault::sqlite
