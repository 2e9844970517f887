// What a check of a manifest costs: read and check inside a process, the process as a whole, and what is
// hostile. Beside the official tool where TONGS_BENCH_OFFICIAL names a command that checks the manifests it
// is given (docs: README.md). Rounds of both sides alternate; the median counts.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <tongs/manifest/check.hpp>

namespace {

using namespace tongs;
using Clock = std::chrono::steady_clock;

constexpr int kRounds = 11;
constexpr int kWarmRounds = 200;

double milliseconds(Clock::duration time) { return std::chrono::duration<double, std::milli>(time).count(); }

double quantile(std::vector<double> values, double part) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(part * static_cast<double>(values.size() - 1))];
}

std::string content_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Read, check, done.
double warm(const std::string& text) {
  const auto begin = Clock::now();
  const auto findings = manifest::check(manifest::Manifest::parse(text));
  const auto time = milliseconds(Clock::now() - begin);
  return findings.size() > 1'000'000 ? 0 : time;
}

/// A process from its start to its end, its output thrown away.
double cold(std::vector<std::string> words) {
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (const int descriptor : {STDOUT_FILENO, STDERR_FILENO})
    posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", 1, 0);
  const auto begin = Clock::now();
  pid_t child = 0;
  if (posix_spawnp(&child, arguments.front(), &actions, nullptr, arguments.data(), environ) != 0)
    std::exit(1);
  int status = 0;
  waitpid(child, &status, 0);
  const auto time = milliseconds(Clock::now() - begin);
  posix_spawn_file_actions_destroy(&actions);
  if (!WIFEXITED(status) || WEXITSTATUS(status) > 1) {
    std::fprintf(stderr, "%s failed\n", words.front().c_str());
    std::exit(1);
  }
  return time;
}

void measure_warm(const std::vector<std::string>& texts) {
  std::vector<double> times;
  std::size_t bytes = 0;
  for (const std::string& text : texts) {
    bytes += text.size();
    std::vector<double> rounds;
    for (int i = 0; i < kWarmRounds; ++i) rounds.push_back(warm(text));
    times.push_back(quantile(rounds, 0.5));
  }
  std::printf("warm     %zu manifests of %zu bytes on average: median %.3f ms, 95%% %.3f ms, most %.3f ms\n",
              texts.size(), bytes / texts.size(), quantile(times, 0.5), quantile(times, 0.95),
              quantile(times, 1));
}

void measure_cold(const std::string& tongs, const std::string& manifest) {
  const char* official = std::getenv("TONGS_BENCH_OFFICIAL");
  std::vector<double> ours;
  std::vector<double> theirs;
  std::vector<double> ratios;
  for (int i = 0; i < kRounds; ++i) {
    ours.push_back(cold({tongs, "manifest", "check", manifest}));
    if (official == nullptr) continue;
    theirs.push_back(cold({"sh", "-c", std::string(official) + " '" + manifest + "'"}));
    ratios.push_back(theirs.back() / ours.back());
  }
  std::printf("cold     %.1f ms", quantile(ours, 0.5));
  if (official != nullptr)
    std::printf(", the official tool %.0f ms: %.0f × as long", quantile(theirs, 0.5), quantile(ratios, 0.5));
  std::printf("\n");
}

std::string repeated(const std::string& text, std::size_t bytes) {
  std::string out;
  while (out.size() < bytes) out += text;
  return out;
}

void measure_hostile() {
  constexpr std::size_t ten_megabytes = 10'000'000;
  constexpr std::size_t one_megabyte = 1'000'000;
  std::string bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i < 30; ++i) {
    const std::string last = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" +
            repeated(last + ",", 9 * (last.size() + 1)) + "]\n";
  }
  const std::pair<const char*, std::string> texts[] = {
      {"10 MB of remotes", "remotes:\n" + repeated("  - key: a.b\n    x: 1\n", ten_megabytes)},
      {"1 MB of remotes", "remotes:\n" + repeated("  - key: a.b\n    x: 1\n", one_megabyte)},
      {"1 MB of brackets", repeated("[", one_megabyte)},
      {"1 MB in one word", "remotes: " + repeated("x", one_megabyte)},
      {"1 MB of one key", repeated("a: 1\n", one_megabyte)},
      {"aliases of aliases", bomb},
      {"1 MB that is no UTF-8", repeated("\xff\xfe", one_megabyte)},
  };
  for (const auto& [name, text] : texts) {
    std::vector<double> rounds;
    for (int i = 0; i < 3; ++i) rounds.push_back(warm(text));
    std::printf("hostile  %-22s %.1f ms\n", name, quantile(rounds, 0.5));
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::printf("hostile  most memory of this process: %.0f MB\n", static_cast<double>(usage.ru_maxrss) / 1000);
}

}  // namespace

/// bench_manifest [MANIFEST…]
int main(int count, char** arguments) {
  std::vector<std::filesystem::path> files(arguments + 1, arguments + count);
  if (files.empty()) {
    for (const auto& entry : std::filesystem::directory_iterator(TONGS_BENCH_MANIFESTS))
      files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<std::string> texts;
  for (const auto& file : files) texts.push_back(content_of(file));
  measure_warm(texts);
  measure_cold(TONGS_BENCH_BINARY, files[files.size() / 2].string());
  measure_hostile();
  return 0;
}
