// Loads a server with invocations and says how it did, as one line of JSON. One thread, raw epoll.

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <getopt.h>

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

[[noreturn]] void refuse_usage() {
  std::fputs(kUsage, stderr);
  std::exit(2);
}

double number(const char* text) {
  char* end = nullptr;
  const double value = std::strtod(text, &end);
  if (end == text || *end != '\0' || !(value >= 0)) refuse_usage();
  return value;
}

bool is_repeated(std::string_view mode) {
  if (mode != "repeated" && mode != "distinct") refuse_usage();
  return mode == "repeated";
}

Options parse(int count, char** arguments) {
  const option known[] = {
      {"port", required_argument, nullptr, 'p'},     {"tokens", required_argument, nullptr, 't'},
      {"mode", required_argument, nullptr, 'm'},     {"connections", required_argument, nullptr, 'c'},
      {"warm-up", required_argument, nullptr, 'w'},  {"seconds", required_argument, nullptr, 's'},
      {"requests", required_argument, nullptr, 'r'}, {}};
  Options options;
  for (int name = 0; (name = getopt_long(count, arguments, "", known, nullptr)) >= 0;) {
    switch (name) {
      case 'p':
        options.port = static_cast<std::uint16_t>(number(optarg));
        break;
      case 't':
        options.tokens = optarg;
        break;
      case 'm':
        options.repeated = is_repeated(optarg);
        break;
      case 'c':
        options.connections = static_cast<std::size_t>(number(optarg));
        break;
      case 'w':
        options.warm_up = number(optarg);
        break;
      case 's':
        options.seconds = number(optarg);
        break;
      case 'r':
        options.requests = static_cast<std::uint64_t>(number(optarg));
        break;
      default:
        refuse_usage();
    }
  }
  if (options.port == 0 || options.tokens.empty() || options.connections == 0) refuse_usage();
  return options;
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
  if (requests.empty()) {
    std::fprintf(stderr, "no tokens in %s\n", options.tokens.c_str());
    std::exit(1);
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
  const Options options = parse(count, arguments);
  LoadGenerator load(options.port, options.connections, read_requests(options), options.requests);
  (void)load.run(as_time(options.warm_up));
  std::puts("measuring");
  std::fflush(stdout);
  Tally tally = load.run(as_time(options.seconds));
  report(tally);
}
