#pragma once
#include <string>

#include <gtest/gtest.h>
#include <sqlite3.h>

namespace tongs::test {

/// Another program that uses SQLite. How many rows the last statement changed.
inline int run_sql(const std::string& path, const std::string& sql) {
  sqlite3* database = nullptr;
  EXPECT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
      << sqlite3_errmsg(database);
  const int changed = sqlite3_changes(database);
  sqlite3_close(database);
  return changed;
}

}  // namespace tongs::test
