// The corpus in http/: every entry is what a caller sends to a gateway, or what a backend answers to it, and
// all that may come of it on both sides. The token is always good, so that only the HTTP can be at fault.

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <functional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <tongs/json.hpp>

#include "support/files.hpp"
#include "support/forwarded.hpp"
#include "support/front_door.hpp"
#include "support/recorder.hpp"

namespace tongs::test {

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> families() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(fs::path(TONGS_TEST_DATA) / "conformance/http")) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t place = text.find(from); place != std::string::npos;
       place = text.find(from, place + to.size())) {
    text.replace(place, from.size(), to);
  }
}

std::string repeated(JsonView pair) {
  std::string text;
  for (std::int64_t i = 0; pair && i < (*++pair.begin()).integer().value(); ++i) {
    text += *(*pair.begin()).string();
  }
  return text;
}

/// `${xHH}` is the byte of that number.
void fill_bytes(std::string& text) {
  constexpr std::string_view mark = "${x";
  for (std::size_t place = text.find(mark); place != std::string::npos; place = text.find(mark, place + 1)) {
    unsigned char byte = 0;
    const char* const digits = text.data() + place + mark.size();
    const auto [end, failed] = std::from_chars(digits, digits + 2, byte, 16);
    if (failed != std::errc() || end != digits + 2 || *end != '}')
      throw std::invalid_argument("no such byte");
    text.replace(place, mark.size() + 3, 1, static_cast<char>(byte));
  }
}

/// A request that a backend may see.
struct Expected {
  std::string method, target, framing, body;
  bool cut = false;  ///< only its beginning, or nothing of it
};

bool fits(const Expected& expected, const wire::Message& request) {
  const bool start = request.method() == expected.method && request.target() == expected.target &&
                     request.framing == expected.framing;
  if (!expected.cut) return start && request.body == expected.body;
  return request.framing.empty() || (start && expected.body.starts_with(request.body));
}

std::string described(const std::vector<wire::Message>& requests) {
  std::string text;
  for (const auto& request : requests) text += ::testing::PrintToString(request.raw) + '\n';
  return text;
}

/// A name and its value; null: there is no such field.
void expect_fields(JsonView expected, const wire::Message& message) {
  for (auto member = expected.begin(); member != expected.end(); ++member) {
    const auto found = message.field(member.key());
    const auto value = (*member).string();
    EXPECT_EQ(found.value_or("(none)"), value.value_or("(none)")) << member.key() << '\n' << message.raw;
  }
}

void expect_trailers(JsonView expected, const wire::Message& message) {
  if (!expected) return;
  std::vector<wire::Line> lines;
  for (auto member = expected.begin(); member != expected.end(); ++member) {
    lines.push_back({std::string(member.key()), std::string(*(*member).string())});
  }
  std::vector<wire::Line> trailers = message.trailers;
  for (wire::Line& line : trailers) line.name = wire::lower(line.name);
  EXPECT_EQ(trailers, lines) << message.raw;
}

/// One file of the corpus, played against one gateway, at once or byte by byte.
class HttpCorpus : public ::testing::TestWithParam<std::tuple<fs::path, bool>> {
 protected:
  void play(JsonView test_case) {
    const auto accepted_before = door_.accepted();
    if (test_case["backend_says"]) {
      recorder_.answer(filled(test_case, "backend_says"),
                       test_case["backend_closes"].boolean().value_or(false));
    }
    const std::string sent = filled(test_case, "send"), then(test_case["then"].string_or("closed"));
    const auto expected = expected_at_backend(test_case);
    Caller caller(door_.port());
    caller.say(sent, std::get<1>(GetParam()) ? 1 : std::string::npos);
    if (then == "left") caller.finish();
    hear_answers(caller, test_case, sent, expected);
    const auto seen = take_whole_requests();
    recorder_.answer_as_usual();
    compare(expected, seen);
    if (!seen.empty()) {
      expect_fields(test_case["at_backend"], seen.front());
      expect_trailers(test_case["trailers"], seen.front());
    }
    EXPECT_EQ(door_.accepted() - accepted_before, expected.size()) << "verdicts that let something in";
    if (HasFatalFailure()) return;
    if (then == "open") {
      probe(caller);
    } else {
      EXPECT_EQ(caller.hear_all(), "") << "behind the last answer";
      EXPECT_NE(caller.end(), End::silent) << "the connection is still open";
    }
  }

  void check_requests_that_were_cut() {
    door_.shut();
    recorder_.stop();
    for (const auto& request : recorder_.take()) cut_.push_back(request);
    // The longest beginning first takes the shortest request that it is one of.
    std::ranges::sort(cut_, std::greater(), [](const wire::Message& request) { return request.body.size(); });
    std::ranges::sort(may_be_cut_, std::less(), [](const Expected& each) { return each.body.size(); });
    for (const auto& request : cut_) {
      EXPECT_EQ(fault_in_forwarded(request), "") << request.raw;
      EXPECT_EQ(request.state, wire::State::partial) << "nobody sent this: " << request.raw;
      const auto found =
          std::ranges::find_if(may_be_cut_, [&](const Expected& each) { return fits(each, request); });
      ASSERT_NE(found, may_be_cut_.end()) << "nobody sent this: " << request.raw;
      may_be_cut_.erase(found);
    }
  }

 private:
  std::string filled(JsonView test_case, std::string_view member) const {
    return filled(*test_case[member].string(), test_case["repeat"]);
  }
  std::string filled(std::string_view text, JsonView repeat) const {
    std::string out(text);
    replace_all(out, "${repeat}", repeated(repeat));
    replace_all(out, "${auth}", door_.credentials());
    replace_all(out, "${token}", door_.token());
    fill_bytes(out);
    return out;
  }

  std::vector<Expected> expected_at_backend(JsonView test_case) const {
    std::vector<Expected> all;
    for (const JsonView request : test_case["backend"]) {
      std::vector<std::string> words;
      for (const JsonView word : request) words.push_back(filled(*word.string(), test_case["repeat"]));
      words.resize(5);
      all.push_back({words[0], words[1], words[2], words[3], words[4] == "cut"});
    }
    return all;
  }

  void hear_answers(Caller& caller, JsonView test_case, std::string_view sent,
                    const std::vector<Expected>& expected) {
    const auto then = test_case["then"].string_or("closed");
    std::vector<std::int64_t> statuses;
    for (const JsonView status : test_case["answers"]) statuses.push_back(status.integer().value());
    std::size_t of_backend = 0;
    for (std::size_t i = 0; i < statuses.size(); ++i) {
      const bool passed_on = of_backend < expected.size();
      const bool to_head = passed_on ? expected[of_backend].method == "HEAD" : sent.starts_with("HEAD ");
      const auto answer = caller.hear_answer(to_head);
      const bool last = i + 1 == statuses.size();
      ASSERT_EQ(answer.status(), statuses[i]) << answer.raw;
      if (last && then == "cut") {
        EXPECT_EQ(answer.state, wire::State::partial) << "it must look cut short" << answer.raw;
        return;
      }
      ASSERT_EQ(answer.state, wire::State::whole) << answer.complaint << '\n' << answer.raw;
      if (statuses[i] < 200) continue;
      check_end(answer, last, test_case);
      if (statuses[i] == 200 && !to_head && !test_case["backend_says"]) {
        ASSERT_TRUE(passed_on) << answer.raw;
        const Expected& asked = expected[of_backend];
        EXPECT_EQ(answer.body, asked.method + ' ' + asked.target) << "the answer to another request";
      }
      if (statuses[i] == 200) ++of_backend;
      if (!last) continue;
      EXPECT_EQ(answer.body, test_case["body"].string_or(answer.body));
      expect_fields(test_case["at_caller"], answer);
      expect_trailers(test_case["trailers_at_caller"], answer);
    }
  }

  /// It says that the connection ends if, and only if, it does.
  static void check_end(const wire::Message& answer, bool last, JsonView test_case) {
    const auto then = test_case["then"].string_or("closed");
    if (last && then == "left") return;
    const bool ends = last && then != "open" && test_case["says_close"].boolean().value_or(true);
    EXPECT_EQ(answer.field("connection") == "close", ends) << answer.raw;
  }

  /// What the backend saw; what was cut short comes later than the answer and is looked at in the end.
  std::vector<wire::Message> take_whole_requests() {
    std::vector<wire::Message> whole;
    for (auto& request : recorder_.take()) {
      EXPECT_EQ(fault_in_forwarded(request), "") << request.raw;
      (request.state == wire::State::whole ? whole : cut_).push_back(std::move(request));
    }
    return whole;
  }

  /// What came whole must be what was expected, in this order.
  void compare(const std::vector<Expected>& expected, const std::vector<wire::Message>& seen) {
    std::vector<Expected> whole;
    for (const Expected& each : expected) (each.cut ? may_be_cut_ : whole).push_back(each);
    EXPECT_TRUE(std::ranges::equal(whole, seen, fits)) << "the backend saw\n" << described(seen);
  }

  /// The connection is where both sides think it is.
  void probe(Caller& caller) {
    const auto accepted_before = door_.accepted();
    caller.say("GET /probe HTTP/1.1\r\n" + door_.credentials() + "\r\n");
    const auto answer = caller.hear_answer();
    EXPECT_EQ(answer.body, "GET /probe") << answer.raw;
    const auto seen = take_whole_requests();
    ASSERT_EQ(seen.size(), 1U) << described(seen);
    EXPECT_EQ(seen.front().target(), "/probe");
    EXPECT_EQ(door_.accepted() - accepted_before, 1U);
  }

  Recorder recorder_;
  FrontDoor door_{recorder_.port(), "backend_timeout = \"2s\"\nstall_time = \"2s\"\n"};
  std::vector<wire::Message> cut_;
  std::vector<Expected> may_be_cut_;
};

TEST_P(HttpCorpus, EveryCaseMeetsItsRightAnswer) {
  const auto document =
      JsonDocument::parse(content_of(std::get<0>(GetParam())), {.unique_names = true}).value();
  std::set<std::string_view> names;
  for (const JsonView test_case : document["cases"]) {
    const std::string_view name = *test_case["name"].string();
    SCOPED_TRACE(name);
    EXPECT_TRUE(names.insert(name).second) << "two cases of one name";
    play(test_case);
  }
  check_requests_that_were_cut();
  EXPECT_GE(names.size(), 10U) << "is this the file?";
}

INSTANTIATE_TEST_SUITE_P(Http, HttpCorpus,
                         ::testing::Combine(::testing::ValuesIn(families()), ::testing::Bool()),
                         [](const auto& test) {
                           std::string name = std::get<0>(test.param).stem().string();
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name + (std::get<1>(test.param) ? "_byte_by_byte" : "_at_once");
                         });

}  // namespace

}  // namespace tongs::test
