#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <tongs/result.hpp>

struct sqlite3;
struct sqlite3_stmt;

namespace tongs::vault::sqlite {

/// What a result code of SQLite means for the operator of a vault.
Error error_for(int code);

/// A prepared statement, used again and again. What is bound must live until `run` or `reset`; the views that
/// a column gives, until the next `step`. Thread safety: none.
class Statement {
 public:
  Statement() noexcept = default;
  /// Precondition: nothing is bound to parameters beyond those of the SQL text. They count from 1.
  void bind(int parameter, std::int64_t value) noexcept;
  void bind_text(int parameter, std::string_view value) noexcept;
  void bind_blob(int parameter, std::string_view value) noexcept;

  /// True: there is a row. False: there are no more, and the statement is ready again.
  Result<bool> step();
  /// For a statement that gives no rows.
  Result<void> run();
  void reset() noexcept;

  /// Columns count from 0.
  std::int64_t integer(int column) const noexcept;
  std::string_view bytes(int column) const noexcept;

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept;
  };
  explicit Statement(sqlite3_stmt* statement) noexcept : statement_(statement) {}
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// A connection to one database file. It must outlive its statements. Errors of every member: storage_failed;
/// conflict (another process holds the file). Thread safety: none.
class Database {
 public:
  enum class Mode : bool { existing, create };

  static Result<Database> open(const std::string& path, Mode mode, std::chrono::milliseconds busy_wait);

  Result<void> execute(const char* sql);
  Result<Statement> prepare(std::string_view sql);
  /// The first column of the first row.
  Result<std::int64_t> integer(std::string_view sql);
  /// Closing writes the log back into the file. Default: no, so that a file is left as it was found.
  Result<void> checkpoint_on_close(bool wanted);
  bool in_transaction() const noexcept;
  /// Is the file no longer found where it was opened: deleted, moved, or another one in its place?
  bool has_moved() const noexcept;
  /// Copies everything to `target`, which must be empty.
  Result<void> copy_to(Database& target);

 private:
  struct Close {
    void operator()(sqlite3* connection) const noexcept;
  };
  explicit Database(sqlite3* connection) noexcept : connection_(connection) {}
  std::unique_ptr<sqlite3, Close> connection_;
};

}  // namespace tongs::vault::sqlite
