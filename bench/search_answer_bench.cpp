// Reading a search answer of a megabyte: parsed and every issue's key, summary, status and assignee read.
// Beside it, in the same run: nlohmann::json into structs, and JSON.parse with the same reads in node.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#ifdef TONGS_HAS_NLOHMANN
#include <nlohmann/json.hpp>
#endif

#include <tongs/jira/v3/models.hpp>

namespace {

/// As Jira answers: much that nobody reads around what is read.
std::string issue_text(int number) {
  const std::string n = std::to_string(number);
  return R"({"expand":"operations,versionedRepresentations,editmeta,changelog","id":")" +
         std::to_string(10000 + number) + R"(","self":"https://site.atlassian.net/rest/api/3/issue/)" + n +
         R"(","key":"PROJ-)" + n + R"(","fields":{"summary":"Sparks \"fly\" when the iron is hot )" + n +
         R"(","status":{"self":"https://site.atlassian.net/rest/api/3/status/3","description":"","iconUrl":"https://site.atlassian.net/","name":"In Progress","id":"3","statusCategory":{"id":4,"key":"indeterminate","colorName":"yellow","name":"In Progress"}},"assignee":{"self":"https://site.atlassian.net/rest/api/3/user?accountId=5b10","accountId":"5b10ac8d82e05b22cc7d4ef5","avatarUrls":{"48x48":"https://avatar.example/48","24x24":"https://avatar.example/24","16x16":"https://avatar.example/16","32x32":"https://avatar.example/32"},"displayName":"Mia Krystof","active":true,"timeZone":"Australia/Sydney","accountType":"atlassian"},"created":"2026-01-02T03:04:05.000+0000","priority":{"name":"High","id":"2"},"labels":["forge","remote"],"customfield_10016":3.5,"customfield_10020":[{"id":1,"name":"Sprint 1","state":"active","boardId":1}],"description":{"type":"doc","version":1,"content":[{"type":"paragraph","content":[{"type":"text","text":"Strike while it is hot. Strike while it is hot. Strike while it is hot."}]}]}}})";
}

const std::string& answer() {
  static const std::string text = [] {
    std::string made = R"({"issues":[)";
    for (int number = 1; made.size() < 1'000'000; ++number)
      made += (number > 1 ? "," : "") + issue_text(number);
    return made + R"(],"isLast":true})";
  }();
  return text;
}

struct Issue {
  std::string key, summary, status, assignee;
};

void tongs_views(benchmark::State& state) {
  for (auto _ : state) {
    const tongs::jira::v3::IssueSearchResults results(tongs::JsonDocument::parse(answer()).value());
    std::size_t bytes = 0;
    for (const auto& issue : results.issues()) {
      const auto fields = issue.fields();
      bytes += issue.key()->size() + fields["summary"].string()->size() +
               fields.at("status", "name").string()->size() +
               fields.at("assignee", "accountId").string()->size();
    }
    benchmark::DoNotOptimize(bytes);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * answer().size()));
}
BENCHMARK(tongs_views)->Unit(benchmark::kMicrosecond);

void tongs_copied_into_structs(benchmark::State& state) {
  for (auto _ : state) {
    const tongs::jira::v3::IssueSearchResults results(tongs::JsonDocument::parse(answer()).value());
    std::vector<Issue> issues;
    for (const auto& issue : results.issues()) {
      const auto fields = issue.fields();
      issues.push_back({std::string(*issue.key()), std::string(*fields["summary"].string()),
                        std::string(*fields.at("status", "name").string()),
                        std::string(*fields.at("assignee", "accountId").string())});
    }
    benchmark::DoNotOptimize(issues);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * answer().size()));
}
BENCHMARK(tongs_copied_into_structs)->Unit(benchmark::kMicrosecond);

#ifdef TONGS_HAS_NLOHMANN
void nlohmann_into_structs(benchmark::State& state) {
  for (auto _ : state) {
    const auto results = nlohmann::json::parse(answer());
    std::vector<Issue> issues;
    for (const auto& issue : results.at("issues")) {
      const auto& fields = issue.at("fields");
      issues.push_back({issue.at("key"), fields.at("summary"), fields.at("status").at("name"),
                        fields.at("assignee").at("accountId")});
    }
    benchmark::DoNotOptimize(issues);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * answer().size()));
}
BENCHMARK(nlohmann_into_structs)->Unit(benchmark::kMicrosecond);
#endif

constexpr const char* kNode = R"(
const text = require('fs').readFileSync(process.argv[1], 'utf8');
let bytes = 0;
const read = () => { for (const i of JSON.parse(text).issues)
  bytes += i.key.length + i.fields.summary.length + i.fields.status.name.length + i.fields.assignee.accountId.length; };
for (let n = 0; n < 50; ++n) read();
const start = process.cpuUsage().user;
for (let n = 0; n < 200; ++n) read();
console.log((process.cpuUsage().user - start) / 200);
)";

/// Microseconds of CPU for one answer in node, with a warm engine; 0: there is no node. To be compared with
/// the CPU time of the others.
double microseconds_in_node() {
  const std::string file = "search_answer_bench.json";
  std::ofstream(file) << answer();
  const std::string command = "node -e \"" + std::string(kNode) + "\" " + file;
  std::FILE* const node = popen(command.c_str(), "r");
  double taken = 0;
  if (node == nullptr || std::fscanf(node, "%lf", &taken) != 1) taken = 0;
  if (node != nullptr) pclose(node);
  std::remove(file.c_str());
  return taken;
}

void json_parse_in_node(benchmark::State& state) {
  const double taken = microseconds_in_node();
  if (taken == 0) state.SkipWithError("there is no node");
  for (auto _ : state) state.SetIterationTime(taken / 1e6);
}
BENCHMARK(json_parse_in_node)->Unit(benchmark::kMicrosecond)->UseManualTime()->Iterations(1);

}  // namespace

BENCHMARK_MAIN();
