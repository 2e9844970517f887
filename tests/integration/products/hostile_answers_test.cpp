// Answers that no product would give: they end as errors, or are read as another parser reads them.
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <string_view>

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <tongs/jira/v3/issue_search.hpp>
#include <tongs/testing/mock_adapter.hpp>

namespace tongs::jira::v3 {
namespace {

namespace json = boost::json;

constexpr std::string_view kAnswer =
    R"({"issues":[{"id":"10001","key":"PROJ-1","fields":{"summary":"Sp\u00e4ne \ud83d\udd25 \"hot\"","n":-1.5e3,)"
    R"("status":{"name":"Done","x":[null,true,18446744073709551615]}}},{"id":7,"key":null,"fields":[1]},)"
    R"({"key":"PROJ-3"}],"isLast":false,"nextPageToken":"abc"})";

/// What a typed call gives for a body.
Result<IssueSearchResults> search(std::string body) {
  const auto adapter = std::make_shared<testing::MockAdapter>();
  adapter->otherwise([&](const ApiRequest&, const Identity&, const CallOptions&) -> Result<HttpResponse> {
    return HttpResponse{200, {}, std::move(body)};
  });
  return search_issues(as_app(adapter), {});
}

/// The text at `name`, if this is an object that has one there.
std::optional<std::string_view> text_at(const json::value& value, std::string_view name) {
  const auto* object = value.if_object();
  const auto* member = object == nullptr ? nullptr : object->if_contains(name);
  const auto* text = member == nullptr ? nullptr : member->if_string();
  return text == nullptr ? std::nullopt : std::optional<std::string_view>(*text);
}

/// What our views read of an answer is what another parser reads of it.
void expect_same(const IssueSearchResults& ours, const json::value& theirs) {
  const auto* root = theirs.if_object();
  const auto* issues = root == nullptr ? nullptr : root->if_contains("issues");
  const auto* list = issues == nullptr ? nullptr : issues->if_array();
  ASSERT_EQ(ours.issues().size(), list == nullptr ? 0 : list->size());
  EXPECT_EQ(ours.next_page_token(), text_at(theirs, "nextPageToken"));
  std::size_t index = 0;
  for (const Issue& issue : ours.issues()) {
    const json::value& other = (*list)[index++];
    EXPECT_EQ(issue.key(), text_at(other, "key"));
    EXPECT_EQ(issue.id(), text_at(other, "id"));
    const auto* fields = other.is_object() ? other.get_object().if_contains("fields") : nullptr;
    if (fields == nullptr) continue;
    EXPECT_EQ(issue.fields()["summary"].string(), text_at(*fields, "summary"));
    const auto* status = fields->is_object() ? fields->get_object().if_contains("status") : nullptr;
    if (status == nullptr) continue;
    EXPECT_EQ(issue.fields().at("status", "name").string(), text_at(*status, "name"));
  }
}

TEST(HostileAnswers, ThatEndTooEarlyAreErrors) {
  ASSERT_TRUE(search(std::string(kAnswer)));
  for (std::size_t length = 1; length < kAnswer.size(); ++length) {
    const auto answer = search(std::string(kAnswer.substr(0, length)));
    ASSERT_FALSE(answer) << length;
    EXPECT_EQ(answer.error().code(), Errc::malformed_response) << length;
  }
}

TEST(HostileAnswers, AreReadAsAnotherParserReadsThem) {
  std::mt19937 random(1);
  const std::string_view interesting = "\"\\{}[],:0123456789eE+-.tfn \x01\x7f\xc3\xff";
  std::size_t accepted = 0, refused = 0;
  for (int round = 0; round < 8000; ++round) {
    std::string body(kAnswer);
    for (std::size_t change = 0; change <= random() % 3; ++change) {
      const std::size_t at = random() % body.size();
      const char byte = interesting[random() % interesting.size()];
      switch (random() % 4) {
        case 0:
          body[at] = byte;
          break;
        case 1:
          body.insert(at, 1, byte);
          break;
        case 2:
          body.erase(at, 1 + random() % 4);
          break;
        default:
          body.insert(at, body.substr(random() % body.size(), random() % 40));
      }
    }
    if (const auto found = JsonDocument::parse(body);
        found && !JsonDocument::parse(body, {.unique_names = true}))
      continue;  // which of two members of one name counts is nobody's to say
    json::error_code failed;
    const json::value theirs = json::parse(body, failed, {}, {.max_depth = 128});
    if (failed == json::error::exponent_overflow) continue;  // ours keeps such a number as it is written
    const auto ours = search(body);
    const bool readable = !failed && (theirs.is_object() || theirs.is_null());
    ASSERT_EQ(ours.has_value(), readable) << body << (ours ? "" : ours.error().describe());
    if (!ours) {
      EXPECT_EQ(ours.error().code(), Errc::malformed_response);
      ++refused;
      continue;
    }
    expect_same(*ours, theirs);
    ASSERT_FALSE(HasFailure()) << body;
    ++accepted;
  }
  EXPECT_GT(accepted, 800U);
  EXPECT_GT(refused, 800U);
}

TEST(HostileAnswers, WithNumbersThatAreNoneAreErrorsOrEmpty) {
  for (const char* number :
       {"NaN", "Infinity", "-Infinity", "+1", "01", "1.", ".5", "0x1", "1e", "--1", "1_0"})
    EXPECT_FALSE(search(R"({"issues":[{"fields":{"n":)" + std::string(number) + "}}]}")) << number;
  const auto huge = search(R"({"issues":[{"fields":{"n":1e999,"i":99999999999999999999,"f":1.5}}]})");
  ASSERT_TRUE(huge);
  const JsonView fields = (*huge->issues().begin()).fields();
  EXPECT_EQ(fields["n"].number(), std::nullopt);
  EXPECT_EQ(fields["i"].integer(), std::nullopt);
  EXPECT_EQ(fields["f"].integer(), std::nullopt);
}

/// Kilobytes that this process had in memory at the most.
long peak_memory() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

TEST(HostileAnswers, AMillionLevelsDeepAreErrors) {
  constexpr std::size_t levels = 1'000'000;
  const long before = peak_memory();
  for (const auto& [open, close] : std::vector<std::pair<std::string, std::string>>{
           {"[", "]"}, {R"({"a":)", "}"}, {R"({"issues":[{"fields":)", "}]}"}}) {
    std::string body;
    for (std::size_t i = 0; i < levels; ++i) body += open;
    const auto unclosed = search(body);
    ASSERT_FALSE(unclosed);
    EXPECT_EQ(unclosed.error().code(), Errc::malformed_response);
    body += "1";
    for (std::size_t i = 0; i < levels; ++i) body += close;
    const auto closed = search(std::move(body));
    ASSERT_FALSE(closed);
    EXPECT_NE(closed.error().describe().find("nested too deep"), std::string::npos)
        << closed.error().describe();
  }
  EXPECT_LT(peak_memory() - before, 512 * 1024) << "the largest body has 25 MB";
}

TEST(HostileAnswers, OfAHundredMegabytesAreErrors) {
  const long before = peak_memory();
  std::string body = R"({"issues":[],"x":")";
  body.append(100'000'000, 'x').append("\"}");
  const auto answer = search(std::move(body));
  ASSERT_FALSE(answer);
  EXPECT_NE(answer.error().describe().find("too large"), std::string::npos) << answer.error().describe();
  EXPECT_LT(peak_memory() - before, 512 * 1024) << "it is refused without being parsed";
}

}  // namespace
}  // namespace tongs::jira::v3
