// What the vault costs above what it stands on: writes against raw SQLite upserts of the same bytes in the
// same run, reads, and a start with 100,000 installations. Rounds of both sides alternate; the median counts.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <random>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vault/row_codec.hpp"
#include "vault/seal.hpp"
#include "vault/vault.hpp"

namespace {

using namespace tongs;
using namespace tongs::vault;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kTokenBytes = 3000;
constexpr int kRows = 20'000;
constexpr int kRounds = 7;

void must(bool fine, const char* what) {
  if (fine) return;
  std::fprintf(stderr, "%s\n", what);
  std::exit(1);
}

double microseconds(Clock::duration time) { return std::chrono::duration<double, std::micro>(time).count(); }

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// Of all threads of this process.
double cpu_microseconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto of = [](const timeval& t) {
    return 1e6 * static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec);
  };
  return of(usage.ru_utime) + of(usage.ru_stime);
}

long resident_kilobytes() {
  std::ifstream file("/proc/self/statm");
  long total = 0;
  long resident = 0;
  file >> total >> resident;
  return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

InstallationId id_of(int number) {
  char text[40];
  std::snprintf(text, sizeof text, "%08d-4000-8000-9000-%012d", number, number);
  return *InstallationId::parse(text);
}

Installation record_of(int number) {
  return {.id = id_of(number),
          .app = *AppId::parse("8db33809-1f32-48bb-8c52-5877dab48107"),
          .environment_type = "PRODUCTION",
          .contexts = {{"jira", "https://api.atlassian.com/ex/jira/4c822e2f", "4c822e2f", ""}},
          .api_base_url = "https://api.atlassian.com/ex/jira/4c822e2f"};
}

std::string random_text(std::size_t size) {
  static std::mt19937_64 random(7);
  std::string text(size, '\0');
  for (char& c : text) c = static_cast<char>('!' + random() % 90);
  return text;
}

WallTime at(std::int64_t seconds) { return WallTime(std::chrono::seconds(seconds)); }

/// The peer: the vault's own table and settings, and nothing around them.
class RawSqlite {
 public:
  RawSqlite(const std::string& path, bool survive_power_loss) {
    must(sqlite3_open(path.c_str(), &database_) == SQLITE_OK, "raw open");
    run("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;"
        "CREATE TABLE sealed_row (kind INTEGER NOT NULL, installation TEXT NOT NULL, account TEXT NOT NULL,"
        "ends_at INTEGER NOT NULL, sealed BLOB NOT NULL, PRIMARY KEY (kind, installation, account)) STRICT");
    run(survive_power_loss ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
    prepare(
        upsert_,
        "INSERT INTO sealed_row (kind, installation, account, ends_at, sealed) VALUES (?1, ?2, ?3, ?4, ?5) "
        "ON CONFLICT (kind, installation, account) DO UPDATE SET ends_at = excluded.ends_at, "
        "sealed = excluded.sealed");
    prepare(begin_, "BEGIN IMMEDIATE");
    prepare(commit_, "COMMIT");
  }
  void begin() { step(begin_); }
  void commit() { step(commit_); }
  void upsert(std::string_view installation, std::int64_t ends_at, std::string_view sealed) {
    sqlite3_bind_int64(upsert_, 1, 2);
    sqlite3_bind_text(upsert_, 2, installation.data(), static_cast<int>(installation.size()), SQLITE_STATIC);
    sqlite3_bind_text(upsert_, 3, "", 0, SQLITE_STATIC);
    sqlite3_bind_int64(upsert_, 4, ends_at);
    sqlite3_bind_blob(upsert_, 5, sealed.data(), static_cast<int>(sealed.size()), SQLITE_STATIC);
    step(upsert_);
  }

 private:
  void run(const char* sql) {
    must(sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) == SQLITE_OK, "raw exec");
  }
  void prepare(sqlite3_stmt*& into, const char* sql) {
    must(sqlite3_prepare_v2(database_, sql, -1, &into, nullptr) == SQLITE_OK, "raw prepare");
  }
  static void step(sqlite3_stmt* statement) {
    must(sqlite3_step(statement) == SQLITE_DONE, "raw step");
    sqlite3_reset(statement);
  }
  sqlite3* database_ = nullptr;
  sqlite3_stmt* upsert_ = nullptr;
  sqlite3_stmt* begin_ = nullptr;
  sqlite3_stmt* commit_ = nullptr;
};

VaultOptions options_in(const std::string& directory, bool survive_power_loss = false) {
  VaultOptions options;
  options.url = "sqlite:" + directory + "/vault.db";
  options.keys.file = directory + "/vault.key";
  options.survive_power_loss = survive_power_loss;
  return options;
}

struct Cost {
  std::vector<double> wall;
  std::vector<double> cpu;
};

template <class Work>
void measure(Cost& cost, int rows, Work work) {
  const double cpu = cpu_microseconds();
  const auto start = Clock::now();
  work();
  cost.wall.push_back(microseconds(Clock::now() - start) / rows);
  cost.cpu.push_back((cpu_microseconds() - cpu) / rows);
}

void report(const char* what, const Cost& raw, const Cost& vault) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < raw.wall.size(); ++i) ratios.push_back(vault.wall[i] / raw.wall[i]);
  std::printf("%-34s raw %6.1f us (cpu %6.1f)   vault %6.1f us (cpu %6.1f)   ratio %.2f\n", what,
              median(raw.wall), median(raw.cpu), median(vault.wall), median(vault.cpu), median(ratios));
}

class Writes {
 public:
  Writes(const std::string& directory, bool survive_power_loss)
      : raw_(directory + "/raw.db", survive_power_loss),
        vault_(std::move(*Vault::open(options_in(directory, survive_power_loss)))) {
    for (int i = 0; i < kRows; ++i) {
      ids_.push_back(id_of(i));
      vault_->put(record_of(i));
    }
    for (int i = 0; i < 64; ++i) {
      tokens_.push_back(random_text(kTokenBytes));
      std::string plain;
      sealed_.emplace_back();
      encode(Token{Secret(tokens_.back()), at(1), at(1)}, plain);
      must(sealer_.seal(plain, "", sealed_.back()).has_value(), "seal");
    }
    raw_batch(kRows, 1000);
    vault_batch(kRows, 1000);
  }

  void compare_batches(const char* what, int rows, int in_one) {
    compare(what, rows, [&] { raw_batch(rows, in_one); }, [&] { vault_batch(rows, in_one); });
  }

  /// What the vault is for: many callers, each of whom waits for his own write. Raw SQLite commits each
  /// alone.
  void compare_callers(const char* what, int rows, int callers) {
    compare(what, rows, [&] { raw_batch(rows, 1); }, [&] { vault_callers(rows, callers); });
  }

 private:
  /// Scattered over the table, each row at most once in a transaction.
  int next() { return static_cast<int>((turn_++ * 7919) % kRows); }

  void raw_batch(int rows, int in_one) {
    for (int done = 0; done < rows; done += in_one) {
      raw_.begin();
      for (int i = 0; i < in_one; ++i) {
        const int row = next();
        raw_.upsert(ids_[static_cast<std::size_t>(row)].bare(), turn_,
                    sealed_[static_cast<std::size_t>(row) % 64]);
      }
      raw_.commit();
    }
  }

  template <class Raw, class Ours>
  static void compare(const char* what, int rows, Raw raw_side, Ours vault_side) {
    Cost raw;
    Cost vault;
    for (int round = 0; round < kRounds; ++round) {
      measure(raw, rows, raw_side);
      measure(vault, rows, vault_side);
    }
    report(what, raw, vault);
  }

  void offer(Done done) {
    const auto row = static_cast<std::size_t>(next());
    const auto taken = vault_->offer_system_token(ids_[row], Secret(tokens_[row % 64]), at(turn_ + 1'000'000),
                                                  at(1), std::move(done));
    must(taken && *taken, "vault offer");
  }

  void vault_batch(int rows, int in_one) {
    for (int done = 0; done < rows; done += in_one) {
      std::promise<void> durable;
      for (int i = 1; i < in_one; ++i) offer({});
      offer([&](const Result<void>& written) {
        must(written.has_value(), "vault write");
        durable.set_value();
      });
      durable.get_future().get();
    }
  }

  void vault_callers(int rows, int callers) {
    std::counting_semaphore<> free(callers);
    for (int done = 0; done < rows; ++done) {
      free.acquire();
      offer([&](const Result<void>& written) {
        must(written.has_value(), "vault write");
        free.release();
      });
    }
    for (int i = 0; i < callers; ++i) free.acquire();
  }

  RawSqlite raw_;
  std::unique_ptr<Vault> vault_;
  Sealer sealer_{KeyRing(*Key::generate())};
  std::vector<InstallationId> ids_;
  std::vector<std::string> tokens_;
  std::vector<std::string> sealed_;
  std::int64_t turn_ = 1;
};

void read_and_start(const std::string& directory) {
  constexpr int many = 100'000;
  constexpr std::size_t token_bytes = 1000;
  if (const pid_t child = fork(); child == 0) {  // so that its memory is not ours
    auto vault = std::move(*Vault::open(options_in(directory)));
    for (int i = 0; i < many; ++i) {
      vault->put(record_of(i));
      (void)vault->offer_system_token(id_of(i), Secret(random_text(token_bytes)), at(i + 10), at(1));
    }
    must(vault->close().has_value(), "close");
    _exit(0);
  } else {
    must(waitpid(child, nullptr, 0) == child, "wait");
  }
  const long before = resident_kilobytes();
  const auto start = Clock::now();
  auto opened = Vault::open(options_in(directory));
  must(opened.has_value(), "open");
  std::printf(
      "start with 100,000 installations    %.2f s, %.0f MB resident for 100 MB of tokens and their records\n",
      microseconds(Clock::now() - start) / 1e6, static_cast<double>(resident_kilobytes() - before) / 1024);
  const Vault& vault = **opened;

  std::vector<InstallationId> hot;
  for (int i = 0; i < 1000; ++i) hot.push_back(id_of(i * 97));
  const auto read = [&](int reads) {
    std::size_t found = 0;
    for (int i = 0; i < reads; ++i)
      found += vault.system_token(hot[static_cast<std::size_t>(i) % 1000]) ? 1 : 0;
    must(found == static_cast<std::size_t>(reads), "read");
  };
  constexpr int reads = 2'000'000;
  for (const int threads : {1, 2}) {
    std::vector<double> rounds;
    for (int round = 0; round < kRounds; ++round) {
      const auto begin = Clock::now();
      std::vector<std::thread> readers;
      for (int i = 0; i < threads; ++i) readers.emplace_back(read, reads);
      for (auto& reader : readers) reader.join();
      rounds.push_back(1000 * microseconds(Clock::now() - begin) / reads);
    }
    std::printf("system_token, %d thread%s            %.0f ns\n", threads, threads == 1 ? " " : "s",
                median(rounds));
  }
  const auto same = record_of(0);
  const auto begin = Clock::now();
  for (int i = 0; i < reads; ++i) must((*opened)->observe(same).has_value(), "observe");
  std::printf("observe with nothing new            %.0f ns\n",
              1000 * microseconds(Clock::now() - begin) / reads);
}

}  // namespace

int main() {
  std::string directory = (std::filesystem::temp_directory_path() / "tongs-bench-XXXXXX").string();
  must(mkdtemp(directory.data()) != nullptr, "mkdtemp");
  read_and_start(directory);
  std::filesystem::remove_all(directory);
  std::filesystem::create_directory(directory);
  for (const bool survive_power_loss : {false, true}) {
    std::printf("%s\n",
                survive_power_loss ? "-- survives a power cut" : "-- survives the death of the process");
    const std::string place = directory + (survive_power_loss ? "/full" : "/normal");
    std::filesystem::create_directory(place);
    Writes writes(place, survive_power_loss);
    writes.compare_callers("write, 64 callers", 10'000, 64);
    writes.compare_batches("write, each awaited", 2000, 1);
    writes.compare_batches("write, 100 at a time", 10'000, 100);
  }
  std::filesystem::remove_all(directory);
}
