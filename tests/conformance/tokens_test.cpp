// The histories in tokens/: what happens to one user's token, and what every caller must get.

#include "support/tokens.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include <tongs/json.hpp>
#include <tongs/testing/fake_clock.hpp>
#include <tongs/token_manager.hpp>

#include "support/scripted_user_tokens.hpp"

namespace tongs {

namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;
using testing::account_id;

seconds seconds_of(JsonView number) { return seconds(number.integer().value()); }

/// The code of that name.
Errc code_of(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(Errc::internal); ++i) {
    if (to_string(static_cast<Errc>(i)) == name) return static_cast<Errc>(i);
  }
  throw std::invalid_argument("no error code: " + std::string(name));
}

/// A manager with everything around it, at the start of a case.
class Stage {
 public:
  explicit Stage(std::string_view given) {
    const std::map<std::string_view, seconds> ages = {{"fresh", seconds(1000)},
                                                      {"due", seconds(3400)},
                                                      {"in margin", seconds(3580)},
                                                      {"ended", seconds(3600)}};
    if (given == "nothing") return;
    source_->answer("old", seconds(3600));
    (void)get();
    clock_->advance(ages.at(given));
  }

  /// Plays a step that is no `get`.
  void play(JsonView step) {
    if (const JsonView time = step["advance"]) return clock_->advance(seconds_of(time));
    if (const JsonView time = step["suspend"]) return clock_->suspend(seconds_of(time));
    if (const JsonView time = step["set_wall"])
      return clock_->set_wall(clock_->wall_now() + seconds_of(time));
    if (step["invalidate"].string() == "all") return manager_.invalidate_all();
    if (step["invalidate"].string() == "account") return manager_.invalidate(account_id());
    if (const auto name = step["reject"].string())
      return (void)manager_.invalidate(seen_.at(std::string(*name)));
    ADD_FAILURE() << "no such step: " << step.text();
  }

  /// What the source says at the next question.
  void script(JsonView source) {
    if (!source) return;
    if (source.string() == "nothing sent") return source_->fail({Errc::rejected, "nothing was sent"});
    if (source.string()) return source_->fail(from_peer(code_of(*source.string())));
    if (const JsonView code = source["error"]) {
      return source_->fail(
          from_peer(code_of(*code.string())).with_retry_after(seconds_of(source["retry_after"])));
    }
    source_->run([this, token = std::string(*source["token"].string()), life = source["life"].integer(),
                  end = source["end"].integer(),
                  takes = source["takes"].integer().value_or(0)](const CallOptions&) {
      const WallTime asked = clock_->wall_now();
      clock_->advance(seconds(takes));
      return life ? testing::with_life(token, seconds(*life))
                  : testing::with_end(token, asked + seconds(*end));
    });
  }

  Result<AccessToken> get() {
    auto token = manager_.get_token(account_id());
    if (token) seen_.insert_or_assign(std::string(token->reveal()), *token);
    return token;
  }
  int asked() const { return source_->asked(); }

 private:
  static Error from_peer(Errc code) { return Error(code, "said by the scenario").with_remote({}); }

  std::shared_ptr<testing::ScriptedUserTokens> source_ = std::make_shared<testing::ScriptedUserTokens>();
  std::shared_ptr<testing::FakeClock> clock_ = std::make_shared<testing::FakeClock>();
  TokenManager manager_{source_, {}, clock_};
  std::map<std::string, AccessToken> seen_;
};

/// "serve NAME" or "fail CODE", with " after a question" if the source was asked.
std::string told(const Result<AccessToken>& token, bool contacted) {
  std::string text = token ? "serve " + std::string(token->reveal())
                           : "fail " + std::string(to_string(token.error().code()));
  return contacted ? text + " after a question" : text;
}
std::string expected(JsonView expectation) {
  const JsonView token = expectation["serve"];
  const std::string text = token ? "serve " + std::string(*token.string())
                                 : "fail " + std::string(expectation["fail"].string().value());
  return expectation["contacted"].boolean().value() ? text + " after a question" : text;
}

void run(JsonView test_case) {
  Stage stage(test_case["given"].string().value());
  auto expectation = test_case["expect"].begin();
  for (const JsonView step : test_case["steps"]) {
    const JsonView call = step["get"];
    if (!call) {
      stage.play(step);
      continue;
    }
    ASSERT_NE(expectation, test_case["expect"].end()) << "a `get` without an expectation";
    stage.script(call["source"]);
    const int before = stage.asked();
    const auto token = stage.get();
    EXPECT_EQ(told(token, stage.asked() > before), expected(*expectation)) << "at " << step.text();
    ++expectation;
  }
  EXPECT_EQ(expectation, test_case["expect"].end()) << "an expectation without a `get`";
}

std::vector<fs::path> topics() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(fs::path(TONGS_TEST_DATA) / "conformance/tokens")) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

class Tokens : public ::testing::TestWithParam<fs::path> {};

TEST_P(Tokens, EveryHistoryIsTold) {
  std::ifstream file(GetParam(), std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  const auto document = JsonDocument::parse(text);
  ASSERT_TRUE(document) << document.error().describe();
  ASSERT_GT((*document)["cases"].size(), 0U);
  for (const JsonView test_case : (*document)["cases"]) {
    SCOPED_TRACE(std::string(test_case["name"].string().value()));
    run(test_case);
  }
}

INSTANTIATE_TEST_SUITE_P(Corpus, Tokens, ::testing::ValuesIn(topics()), [](const auto& topic) {
  std::string name = topic.param.stem().string();
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

}  // namespace

}  // namespace tongs
