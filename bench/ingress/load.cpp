// Loads a server with invocations and says how it did, as one line of JSON. One thread, raw epoll.

#include <charconv>
#include <cstdio>
#include <fstream>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "load_generator.hpp"

namespace {

using namespace tongs::bench;

constexpr const char* kUsage =
    "usage: ingress_load --port PORT --tokens FILE [--mode distinct|repeated] [--connections N]\n"
    "                    [--warm-up SECONDS] [--seconds SECONDS] [--requests N]\n"
    "\n"
    "  --tokens       signed tokens, one a line\n"
    "  --mode         distinct: takes all of them in turn (default); repeated: the first 100\n"
    "  --connections  that are kept open and busy (default 64)\n"
    "  --warm-up      before anything is counted (default 0); `measuring` is printed when it is over\n"
    "  --seconds      for which is counted (default 5)\n"
    "  --requests     stop after so many\n";

constexpr std::size_t kRepeated = 100;

struct Options {
  std::uint16_t port = 0;
  std::string tokens;
  bool repeated = false;
  std::size_t connections = 64;
  double warm_up = 0;
  double seconds = 5;
  std::uint64_t requests = std::numeric_limits<std::uint64_t>::max();
};

template <class Number>
bool read(std::string_view text, Number& value) {
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  return failed == std::errc() && end == text.data() + text.size() && value >= 0;
}

/// False if there is no such option, or no such value of it.
bool set(Options& options, std::string_view name, std::string_view value) {
  if (name == "--port") return read(value, options.port);
  if (name == "--connections") return read(value, options.connections);
  if (name == "--warm-up") return read(value, options.warm_up);
  if (name == "--seconds") return read(value, options.seconds);
  if (name == "--requests") return read(value, options.requests);
  if (name == "--tokens") options.tokens = value;
  if (name == "--mode") options.repeated = value == "repeated";
  return name == "--tokens" || (name == "--mode" && (options.repeated || value == "distinct"));
}

std::optional<Options> parse(std::span<char* const> words) {
  Options options;
  for (; words.size() >= 2; words = words.subspan(2)) {
    if (!set(options, words[0], words[1])) return std::nullopt;
  }
  const bool complete = options.port > 0 && !options.tokens.empty() && options.connections > 0;
  return complete && words.empty() ? std::optional(options) : std::nullopt;
}

/// An invocation as Forge sends it (contract 1.3), with the token of the line.
std::string request_with(const std::string& token) {
  return "GET /on-issue-event HTTP/1.1\r\n"
         "Host: remote.example.com\r\n"
         "User-Agent: node-fetch/1.0\r\n"
         "Accept: application/json\r\n"
         "Accept-Encoding: gzip, deflate\r\n"
         "X-B3-TraceId: a523b7549f0b88c9\r\n"
         "X-B3-SpanId: 2a2436c64727923f\r\n"
         "Authorization: Bearer " +
         token + "\r\n\r\n";
}

std::vector<std::string> read_requests(const Options& options) {
  std::ifstream file(options.tokens);
  std::vector<std::string> requests;
  for (std::string token; std::getline(file, token);) {
    if (options.repeated && requests.size() == kRepeated) break;
    requests.push_back(request_with(token));
  }
  return requests;
}

std::chrono::nanoseconds as_time(double seconds) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(seconds));
}

void report(Tally& tally) {
  const double seconds = std::chrono::duration<double>(tally.time).count();
  const double rate = seconds > 0 ? static_cast<double>(tally.answers()) / seconds : 0;
  std::printf(R"({"seconds":%.6f,"answers":%lu,"good":%lu,"refused":%lu,"broken":%lu,)"
              R"("per_second":%.1f,"p50_us":%.1f,"p99_us":%.1f})"
              "\n",
              seconds, tally.answers(), tally.good, tally.refused, tally.broken, rate,
              tally.percentile_us(50), tally.percentile_us(99));
}

}  // namespace

int main(int count, char** arguments) {
  const auto options = parse(std::span(arguments, static_cast<std::size_t>(count)).subspan(1));
  if (!options) {
    std::fputs(kUsage, stderr);
    return 2;
  }
  auto requests = read_requests(*options);
  if (requests.empty()) {
    std::fprintf(stderr, "no tokens in %s\n", options->tokens.c_str());
    return 1;
  }
  LoadGenerator load(options->port, options->connections, std::move(requests), options->requests);
  (void)load.run(as_time(options->warm_up));
  std::puts("measuring");
  std::fflush(stdout);
  Tally tally = load.run(as_time(options->seconds));
  report(tally);
}
