/// What a token manager costs: a hit with one thread and two (and its allocations), a stampede, and the
/// memory of 100,000 tokens. The goals are ratios: docs and reference say against what.

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <latch>
#include <new>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <benchmark/benchmark.h>
#include <malloc.h>

#include <tongs/token_manager.hpp>

namespace {

thread_local std::size_t allocations = 0;

}  // namespace

[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace {

using namespace tongs;

constexpr std::size_t kAccounts = 100'000;
constexpr std::size_t kHotAccounts = 1'000;
constexpr std::size_t kTokenBytes = 1'024;

std::vector<AccountId> account_ids(std::size_t count) {
  std::vector<AccountId> ids;
  ids.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::string digits = std::to_string(1'000'000'000'000 + i * 7'919);
    ids.push_back(*AccountId::parse("655362:312d3308-8954-42b0-aa38-" + digits.substr(1)));
  }
  return ids;
}

/// Answers at once, or when all of `callers` are there.
class LocalSource final : public UserTokenSource {
 public:
  explicit LocalSource(std::latch* callers = nullptr) : callers_(callers) {}
  const InstallationId& installation() const noexcept override { return installation_; }
  Result<FetchedToken> fetch(const AccountId&, const CallOptions&) override {
    ++fetches;
    if (callers_ != nullptr) callers_->wait();
    return FetchedToken{Secret(std::string(kTokenBytes, 't')), std::chrono::seconds(3600), {}};
  }
  std::atomic<int> fetches = 0;

 private:
  InstallationId installation_ = *InstallationId::parse("4e874af6-799e-4236-b172-23e57f9e549e");
  std::latch* callers_;
};

TokenManager warm_manager(const std::vector<AccountId>& accounts) {
  TokenManager manager(std::make_shared<LocalSource>(), {.max_accounts = accounts.size()});
  for (const AccountId& account : accounts) (void)manager.prefetch(account);
  return manager;
}

/// As keys that a caller has just parsed: close together.
std::vector<AccountId> every(const std::vector<AccountId>& accounts, std::size_t stride) {
  std::vector<AccountId> chosen;
  for (std::size_t i = 0; i < accounts.size(); i += stride) chosen.push_back(accounts[i]);
  return chosen;
}

void hit(benchmark::State& state) {
  static const std::vector<AccountId> accounts = account_ids(kAccounts);
  static TokenManager manager = warm_manager(accounts);
  static const std::vector<AccountId> hot = every(accounts, kAccounts / kHotAccounts);
  std::minstd_rand chance(static_cast<unsigned>(state.thread_index()) + 1);
  const std::size_t before = allocations;
  for (auto _ : state) {
    auto token = manager.get_token(hot[chance() % hot.size()]);
    benchmark::DoNotOptimize(token);
  }
  state.counters["allocations"] =
      benchmark::Counter(static_cast<double>(allocations - before), benchmark::Counter::kAvgIterations);
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(hit)->Threads(1)->Threads(2)->UseRealTime();

/// Bytes that the allocator gave out, its own headers included.
double bytes_in_use() { return static_cast<double>(mallinfo2().uordblks); }

void memory(benchmark::State& state) {
  const std::vector<AccountId> accounts = account_ids(kAccounts);
  double payload = 0;
  for (const AccountId& account : accounts)
    payload += static_cast<double>(account.str().size() + kTokenBytes);
  for (auto _ : state) {
    const double before = bytes_in_use();
    const TokenManager manager = warm_manager(accounts);
    state.counters["of_payload"] = (bytes_in_use() - before) / payload;
  }
}
BENCHMARK(memory)->Iterations(1)->Unit(benchmark::kMillisecond);

/// 1,000 callers ask for one account at once; the source answers when all are there.
void stampede(benchmark::State& state) {
  constexpr std::ptrdiff_t callers = 1'000;
  const std::vector<AccountId> accounts = account_ids(1);
  for (auto _ : state) {
    std::latch all_here(callers);
    const auto source = std::make_shared<LocalSource>(&all_here);
    TokenManager manager(source);
    std::vector<std::jthread> threads;
    for (std::ptrdiff_t i = 0; i < callers; ++i) {
      threads.emplace_back([&] {
        all_here.count_down();
        benchmark::DoNotOptimize(manager.get_token(accounts.front()));
      });
    }
    threads.clear();
    state.counters["fetches"] = source->fetches.load();
  }
}
BENCHMARK(stampede)->Iterations(5)->Unit(benchmark::kMillisecond)->UseRealTime();

/// The part of a hit that asking both clocks costs.
void clocks(benchmark::State& state) {
  const auto clock = Clock::system();
  for (auto _ : state) {
    auto now = clock->now();
    benchmark::DoNotOptimize(now);
  }
}
BENCHMARK(clocks);

}  // namespace

BENCHMARK_MAIN();
