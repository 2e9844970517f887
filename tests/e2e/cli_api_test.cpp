// `tongs api` in front of an egress that the test plays.

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/loopback_server.hpp"
#include "support/program.hpp"

namespace tongs {
namespace {

using test::Outcome;

const test::Program kTongs(TONGS_BINARY);

/// `tongs api jira get-issue` with these options more, and with that egress.
Outcome get_issue(const std::string& egress, const std::vector<std::string>& more) {
  std::vector<std::string> arguments{
      "api",         "jira", "get-issue", "--installation", "0a3a7799-53ae-4a5b-9e7e-03338980abb5",
      "--proxy-url", egress};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return kTongs.run(arguments);
}

test::LoopbackServer answering(const std::string& status, const std::string& body,
                               const std::string& header = "X-None: none") {
  return test::LoopbackServer([=](test::Connection& peer) {
    (void)peer.read_head();
    peer.write("HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nConnection: close\r\n" + header +
               "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  });
}

TEST(Api, PrintsTheAnswer) {
  const auto egress = answering("200 OK", R"({"key":"TEST-1"})");
  const Outcome outcome = get_issue(egress.url(), {"--issue-id-or-key", "TEST-1"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "{\n  \"key\": \"TEST-1\"\n}\n");
}

TEST(Api, EndsWithTwoForWhatCannotBeAsked) {
  const auto egress = answering("200 OK", "{}");
  for (const std::vector<std::string>& mistake :
       std::vector<std::vector<std::string>>{{"--issue-id-or-key", ""},
                                             {"--issue-id-or-key", "../../x"},
                                             {"--issue-id-or-key", "X-1", "--as", "user"},
                                             {"--issue-id-or-key", "X-1", "--as", "a b"}}) {
    const Outcome outcome = get_issue(egress.url(), mistake);
    EXPECT_EQ(outcome.status, 2) << mistake.back();
    EXPECT_TRUE(outcome.err.starts_with("tongs: ")) << outcome.err;
  }
  EXPECT_EQ(egress.connections(), 0);
  const Outcome clear_text = get_issue("http://10.0.0.1", {"--issue-id-or-key", "X-1"});
  EXPECT_EQ(clear_text.status, 2);
  EXPECT_NE(clear_text.err.find("only sent over https"), std::string::npos) << clear_text.err;
}

TEST(Api, NamesTheOptionThatAUserNeeds) {
  const Outcome outcome = get_issue("http://127.0.0.1:1", {"--issue-id-or-key", "X-1", "--as", "user"});
  EXPECT_NE(outcome.err.find("--as user needs --invocation"), std::string::npos) << outcome.err;
}

TEST(Api, EndsWithThreeWhateverAServerRefuses) {
  for (const auto* status : {"400 Bad Request", "401 Unauthorized", "403 Forbidden", "404 Not Found",
                             "409 Conflict", "418 Teapot", "501 Not Implemented"}) {
    const auto egress = answering(status, R"({"errorMessages":["because"]})");
    const Outcome outcome = get_issue(egress.url(), {"--issue-id-or-key", "X-1"});
    EXPECT_EQ(outcome.status, 3) << status;
    EXPECT_EQ(outcome.out, "");
    EXPECT_NE(outcome.err.find("because"), std::string::npos) << outcome.err;
  }
  EXPECT_EQ(get_issue("http://127.0.0.1:1", {"--issue-id-or-key", "X-1"}).status, 3);
}

TEST(Api, ListsEveryOperation) {
  const Outcome all = kTongs.run({"api", "--list"});
  EXPECT_EQ(all.status, 0) << all.err;
  EXPECT_EQ(std::count(all.out.begin(), all.out.end(), '\n'), 1754);
  const Outcome jira = kTongs.run({"api", "jira", "--list"});
  EXPECT_NE(jira.out.find("jira get-issue\tGET /rest/api/3/issue/{issueIdOrKey}\n"), std::string::npos);
}

TEST(Api, SendsWhatIsAskedFor) {
  test::LoopbackServer egress([](test::Connection& peer) {
    const std::string head = peer.read_head();
    const std::string body = "\"" + head.substr(0, head.find("\r\n")) + "\"";
    peer.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) +
               "\r\n\r\n" + body);
  });
  const Outcome outcome =
      get_issue(egress.url(), {"--issue-id-or-key", "A/1", "--fields", "summary", "--fields", "status",
                               "--fields-by-keys", "true", "--query", "x=y"});
  EXPECT_EQ(
      outcome.out,
      "\"GET /jira/rest/api/3/issue/A%2F1?fields=summary&fields=status&fieldsByKeys=true&x=y HTTP/1.1\"\n")
      << outcome.err;
}

TEST(Api, WalksAllPagesWithProgress) {
  const auto egress =
      answering("200 OK", R"({"values":[{"id":1},{"id":2}],"isLast":true,"startAt":0,"total":2})");
  const Outcome outcome =
      kTongs.run({"api", "jira", "search-projects", "--all", "--format", "json", "--installation",
                  "0a3a7799-53ae-4a5b-9e7e-03338980abb5", "--proxy-url", egress.url()});
  EXPECT_EQ(outcome.out, "{\"id\":1}\n{\"id\":2}\n");
  EXPECT_EQ(outcome.err, "page 1: 2 items of 2\n");
}

TEST(Api, RefusesValuesOfAnotherKind) {
  EXPECT_EQ(
      get_issue("http://127.0.0.1:1", {"--issue-id-or-key", "A-1", "--fields-by-keys", "perhaps"}).status, 2);
  EXPECT_EQ(
      kTongs.run({"api", "jira", "search-projects", "--max-results", "many", "--installation", "x"}).status,
      2);
  EXPECT_NE(kTongs.run({"api", "jira", "search-projects", "--max-results", "99999999999999999999"})
                .err.find("--max-results: use a whole number"),
            std::string::npos);
}

TEST(Api, SendsNoBodyThatCannotBeMeant) {
  const auto egress = answering("201 Created", "{}");
  const std::string file = ::testing::TempDir() + "/body.json";
  const auto create_issue = [&](const std::string& from) {
    return kTongs.run({"api", "jira", "create-issue", "--body", from, "--proxy-url", egress.url(),
                       "--installation", "0a3a7799-53ae-4a5b-9e7e-03338980abb5"});
  };
  for (const auto& [body, why] : std::vector<std::pair<std::string, std::string>>{
           {"{\"fields\":\n1,}", "--body: line 2, column 3: the text is not JSON from here on"},
           {"{\"fields\":\"\xff\"}", "--body: line 1, column 12: the text is not JSON from here on"},
           {"", "--body: the JSON text is empty"}}) {
    std::ofstream(file, std::ios::binary) << body;
    const Outcome outcome = create_issue(file);
    EXPECT_EQ(outcome.status, 2) << body;
    EXPECT_EQ(outcome.err, "tongs: " + why + "\n");
  }
  EXPECT_EQ(create_issue("/dev/zero").err, "tongs: --body: it is larger than 64 MiB\n");
  EXPECT_EQ(create_issue(file + ".not").err, "tongs: --body: there is no such file\n");
  EXPECT_EQ(egress.connections(), 0);
  std::ofstream(file, std::ios::binary) << "{}";
  EXPECT_EQ(create_issue(file).status, 0);
  EXPECT_EQ(egress.connections(), 1);
}

TEST(Api, UploadsNoDirectoryAndNothingTooLarge) {
  const auto upload = [](const std::string& file) {
    return kTongs.run({"api", "jira", "add-attachment", "--issue-id-or-key", "A-1", "--file", file,
                       "--installation", "0a3a7799-53ae-4a5b-9e7e-03338980abb5", "--proxy-url",
                       "http://127.0.0.1:1"});
  };
  EXPECT_EQ(upload(::testing::TempDir()).err, "tongs: --file: the file to be uploaded cannot be read\n");
  const std::string sparse = ::testing::TempDir() + "/sparse";
  std::ofstream(sparse, std::ios::binary).flush();
  std::filesystem::resize_file(sparse, (std::uintmax_t{1} << 30) + 1);
  EXPECT_EQ(upload(sparse).err, "tongs: --file: the file to be uploaded is larger than 1 GiB\n");
  std::filesystem::remove(sparse);
}

TEST(Api, SaysOfAnAnswerWhatItsBodyDoesNot) {
  const auto task = answering("303 See Other", "{}", "Location: https://x.example/task/1\x1b");
  const Outcome moved = get_issue(task.url(), {"--issue-id-or-key", "X-1", "--format", "json"});
  EXPECT_EQ(moved.status, 3) << "a header with a control character is no HTTP";
  const auto sound = answering("303 See Other", "{}", "Location: https://x.example/task/1");
  const Outcome outcome = get_issue(sound.url(), {"--issue-id-or-key", "X-1", "--format", "json"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.out, "{}\n");
  EXPECT_EQ(outcome.err, "status 303, location https://x.example/task/1\n");
  const auto partly = answering("207 Multi-Status", "{}");
  EXPECT_EQ(get_issue(partly.url(), {"--issue-id-or-key", "X-1"}).err, "status 207\n");
  const auto nothing = answering("200 OK", "");
  EXPECT_EQ(get_issue(nothing.url(), {"--issue-id-or-key", "X-1"}).out, "");
}

TEST(Api, SaysWhatCanBeDoneAboutARefusal) {
  const auto busy =
      answering("429 Too Many Requests", "{}",
                "Retry-After: 3600\r\nRateLimit-Reason: jira-burst-based\r\nATL-TraceId: 5f\x7f");
  EXPECT_EQ(get_issue(busy.url(), {"--issue-id-or-key", "X-1"}).status, 3);
  const auto limited =
      answering("429 Too Many Requests", "{}",
                "Retry-After: 3600\r\nRateLimit-Reason: jira-burst-based\r\nATL-TraceId: 5f");
  const Outcome later = get_issue(limited.url(), {"--issue-id-or-key", "X-1"});
  EXPECT_NE(later.err.find("again in 3600 s\n"), std::string::npos) << later.err;
  EXPECT_NE(later.err.find("rate limit: jira-burst-based\n"), std::string::npos) << later.err;
  EXPECT_NE(later.err.find("request: 5f\n"), std::string::npos) << later.err;
  const auto unscoped = answering("401 Unauthorized", "{}", "X-Failure-Category: FAILURE_CLIENT_SCOPE_CHECK");
  const Outcome refused = get_issue(unscoped.url(), {"--issue-id-or-key", "X-1"});
  EXPECT_NE(refused.err.find("\n  Scopes: read:jira-work\n    or: "), std::string::npos) << refused.err;
  const Outcome alone = get_issue("http://127.0.0.1:1", {"--issue-id-or-key", "X-1"});
  EXPECT_NE(alone.err.find("the egress of the gateway is expected at http://127.0.0.1:1\n"),
            std::string::npos)
      << alone.err;
}

TEST(Api, TakesAnswersOfUpTo64Megabytes) {
  const auto egress = answering("200 OK", '"' + std::string(20'000'000, 'x') + '"');
  const Outcome outcome = get_issue(egress.url(), {"--issue-id-or-key", "X-1", "--format", "json"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out.size(), 20'000'003U);
  const test::LoopbackServer endless([](test::Connection& peer) {
    (void)peer.read_head();
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 70000000\r\n\r\n");
  });
  EXPECT_EQ(get_issue(endless.url(), {"--issue-id-or-key", "X-1"}).err,
            "error: the peer's answer is too large [malformed_response]\n");
}

TEST(Api, KnowsWhichProductHasAnOperation) {
  EXPECT_NE(
      kTongs.run({"api", "jira", "get-all-boards"}).err.find("'tongs api jira-software get-all-boards'"),
      std::string::npos);
  EXPECT_NE(kTongs.run({"api", "jira-software", "getIssue"}).err.find("'tongs api jira-software get-issue'"),
            std::string::npos);
  const std::string other = kTongs.run({"api", "jira", "get-issue", "--isue-id-or-key", "X"}).err;
  EXPECT_NE(other.find("did you mean '--issue-id-or-key'?"), std::string::npos) << other;
}

TEST(Api, KnowsTheOptionOfAParameterByItsNameInTheApi) {
  const std::string camel = kTongs.run({"api", "jira", "get-issue", "--issueIdOrKey", "X"}).err;
  EXPECT_NE(camel.find("did you mean '--issue-id-or-key'?"), std::string::npos) << camel;
  const std::string assigned = kTongs.run({"api", "jira", "get-issue", "--issueIdOrKey=X"}).err;
  EXPECT_NE(assigned.find("did you mean '--issue-id-or-key'?"), std::string::npos) << assigned;
  const std::string dashes = kTongs.run({"api", "jira", "get-issue", "--issue-id-or-key", "X", "-"}).err;
  EXPECT_TRUE(dashes.starts_with("tongs: ")) << dashes;
}

TEST(Api, TellsAParameterFromTheOptionThatTookItsName) {
  const std::string query =
      kTongs.run({"api", "jira", "find-users", "--query", "uma", "--installation", "x"}).err;
  EXPECT_NE(query.find("--query: it must look like name=value; the parameter query is --param-query"),
            std::string::npos)
      << query;
  const std::string format =
      kTongs.run({"api", "confluence-v1", "export-audit-records", "--format", "csv"}).err;
  EXPECT_NE(format.find("--format: "), std::string::npos) << format;
  EXPECT_NE(format.find("; the parameter format is --param-format\n"), std::string::npos) << format;
  const std::string without =
      get_issue("http://127.0.0.1:1", {"--issue-id-or-key", "X-1", "--query", "y"}).err;
  EXPECT_NE(without.find("--query: it must look like name=value\n"), std::string::npos) << without;
}

TEST(Api, TakesNoOptionOfTheEgressWithoutIt) {
  const std::string err =
      get_issue("http://127.0.0.1:1", {"--issue-id-or-key", "X-1", "--api-base-url", "http://127.0.0.1:1"})
          .err;
  EXPECT_NE(err.find("excludes"), std::string::npos) << err;
}

Outcome with_client(const std::vector<std::string>& arguments) {
  return kTongs.run(arguments, {}, {"TONGS_CLIENT_ID=tc_1:a", "TONGS_CLIENT_SECRET=tcs_2"});
}

TEST(Api, GetsItsTokenByOAuth) {
  std::string asked, called;
  const auto read_body = [](test::Connection& peer, const std::string& head) {
    return peer.read(head.find("Content-Length: ") == std::string::npos
                         ? 0
                         : std::stoul(head.substr(head.find("Content-Length: ") + 16)));
  };
  const test::LoopbackServer tokens([&](test::Connection& peer) {
    const std::string head = peer.read_head();
    asked = head + read_body(peer, head);
    const std::string body = R"({"access_token":"hot","token_type":"Bearer","expires_in":60})";
    peer.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: " +
               std::to_string(body.size()) + "\r\n\r\n" + body);
  });
  const test::LoopbackServer api([&](test::Connection& peer) {
    called = peer.read_head();
    peer.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}");
  });
  const std::vector<std::string> call{"api",
                                      "jira",
                                      "get-issue",
                                      "--issue-id-or-key",
                                      "X-1",
                                      "--api-base-url",
                                      api.url(),
                                      "--token-url",
                                      tokens.url() + "/oauth2/token"};
  const Outcome outcome = with_client(call);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_NE(asked.find("Basic dGNfMSUzQWE6dGNzXzI="), std::string::npos) << "RFC 6749 2.3.1";
  EXPECT_NE(asked.find("grant_type=client_credentials"), std::string::npos);
  EXPECT_NE(called.find("Bearer hot"), std::string::npos);
  auto as_user = call;
  as_user.insert(as_user.end(), {"--as", "655362:a"});
  EXPECT_EQ(with_client(as_user).status, 0);
  EXPECT_NE(asked.find("token-exchange&subject_token=655362%3Aa&"), std::string::npos) << asked;
  EXPECT_EQ(kTongs.run(call).status, 2) << "without a client";
  const auto refusing = answering("401 Unauthorized", R"({"error":"invalid_client"})");
  auto refused = call;
  refused.back() = refusing.url();
  EXPECT_EQ(with_client(refused).status, 3);
  auto clear_text = call;
  clear_text.back() = "http://10.0.0.1/oauth2/token";
  EXPECT_EQ(with_client(clear_text).status, 2);
}

TEST(Api, NeedsAnOperation) {
  EXPECT_EQ(kTongs.run({"api"}).status, 2);
  EXPECT_EQ(kTongs.run({"api", "jira"}).status, 2);
}

TEST(Completion, CompletesOperationsAndTheirOptions) {
  const std::string found = kTongs.run({"__complete", "api", "jira", "get-issue-pick"}).out;
  EXPECT_EQ(found, "get-issue-picker-resource\n");
  EXPECT_EQ(kTongs.run({"__complete", "api", "jira", "get-issue", "--issue"}).out, "--issue-id-or-key\n");
  EXPECT_EQ(kTongs.run({"__complete", "api", "jira", "get-issue", "--fail-fast", ""}).out, "true\nfalse\n");
  EXPECT_EQ(kTongs.run({"__complete", "api", "jira", "get-issue", "--format", "j"}).out, "json\n");
  EXPECT_EQ(kTongs.run({"__complete", "api", "confluence", "get-pages", "--body-format", "=", "st"}).out,
            "storage\n");
  EXPECT_EQ(kTongs.run({"__complete", "api", "confluence", "get-pages", "--body-format", "="}).out,
            "storage\natlas_doc_format\n");
  EXPECT_EQ(kTongs.run({"__complete", "api", "jira", "get-issue", "--expand", ""}).out, "");
  EXPECT_EQ(kTongs.run({"__complete", "api", "confluence", "get-pages", "--body-format=st"}).out,
            "--body-format=storage\n")
      << "zsh and fish leave it one word";
  EXPECT_EQ(kTongs.run({"__complete", "emu"}).out, "emulator\n");
  EXPECT_EQ(kTongs.run({"__complete", "manifest", "check", "--format", ""}).out,
            "github\nhuman\njson\nsarif\n");
  EXPECT_EQ(kTongs.run({"__complete", "manifest", "diff", "--fail-on=m"}).out,
            "--fail-on=major\n--fail-on=minor\n");
  EXPECT_EQ(kTongs.run({"__complete", "emulator", "--manifest", ""}).out, "") << "a file, and no verb";
  EXPECT_EQ(kTongs.run({"__complete", "completion", ""}).out, "bash\nzsh\nfish\n");
  EXPECT_EQ(kTongs.run({"completion", "tcsh"}).status, 2);
  for (const char* shell : {"bash", "zsh", "fish"}) {
    EXPECT_NE(kTongs.run({"completion", shell}).out.find("tongs __complete"), std::string::npos) << shell;
  }
}

TEST(Calls, AreComparedWithTheScopesOfAManifest) {
  const std::string manifest =
      "app:\n  id: ari:cloud:ecosystem::app/8db33809-1f32-48bb-8c52-5877dab48107\n"
      "permissions:\n  scopes: [\"read:jira-work\", \"manage:jira-webhook\"]\n";
  const std::string folder = ::testing::TempDir();
  std::ofstream(folder + "/scopes.yml") << manifest;
  std::ofstream(folder + "/seen.calls") << "jira get-issue\njira create-issue\njira get-server-info\n";
  const Outcome outcome =
      kTongs.run({"manifest", "check", folder + "/scopes.yml", "--calls", folder + "/seen.calls"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_NE(outcome.out.find("create-issue (POST /rest/api/3/issue) needs write:jira-work"),
            std::string::npos);
  EXPECT_NE(outcome.out.find("no call needs manage:jira-webhook"), std::string::npos);
  EXPECT_NE(outcome.out.find("unknown what get-server-info needs"), std::string::npos);
  EXPECT_EQ(outcome.out.find("get-issue "), std::string::npos);
}

TEST(Calls, RefusesWhatItCannotCompare) {
  const std::string folder = ::testing::TempDir() + "/calls";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder + "/empty");
  std::ofstream(folder + "/scopes.yml")
      << "app:\n  id: ari:cloud:ecosystem::app/8db33809-1f32-48bb-8c52-5877dab48107\n"
         "permissions:\n  scopes: [\"read:jira-work\"]\n";
  const auto check = [&](const std::string& calls) {
    return kTongs.run({"manifest", "check", folder + "/scopes.yml", "--calls", calls});
  };
  std::ofstream(folder + "/typo.calls") << "jira get-issue\njira get-isue\n"
                                        << std::string(5000, 'x') << '\n';
  const Outcome typo = check(folder + "/typo.calls");
  EXPECT_EQ(typo.status, 1) << "nobody knows what that call needs";
  EXPECT_TRUE(typo.err.starts_with("tongs: --calls: this names no operation: jira get-isue\n")) << typo.err;
  EXPECT_LT(typo.err.size(), 400U);
  std::ofstream(folder + "/sound.calls") << "jira get-issue\n";
  EXPECT_EQ(check(folder + "/sound.calls").status, 0);
  std::ofstream many(folder + "/no.calls");
  for (int i = 0; i < 100; ++i) many << "no call\n";
  many.close();
  const std::string lines = check(folder + "/no.calls").err;
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 11);
  EXPECT_NE(lines.find("and 90 more lines\n"), std::string::npos) << lines;
  EXPECT_NE(check(folder + "/empty").err.find("no C++ file and no .calls file"), std::string::npos);
  EXPECT_NE(check("/dev/zero").err.find("larger than 64 MiB"), std::string::npos);
}

TEST(Calls, AreRecordedByTheCommandLine) {
  const auto egress = answering("200 OK", "{}");
  const std::string list = ::testing::TempDir() + "/recorded.calls";
  std::filesystem::remove(list);
  for (int i = 0; i < 2; ++i) (void)get_issue(egress.url(), {"--issue-id-or-key", "X-1", "--record", list});
  std::ifstream file(list);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), "jira get-issue\njira get-issue\n");
  EXPECT_EQ(get_issue(egress.url(), {"--issue-id-or-key", "X-1", "--record", "/no/where"}).status, 3);
  EXPECT_EQ(egress.connections(), 2);
}

TEST(Api, SaysInItsHelpWhatItEndsWith) {
  EXPECT_NE(kTongs.run({"api", "jira", "get-issue", "--help"}).out.find("Exit status"), std::string::npos);
}

}  // namespace
}  // namespace tongs
