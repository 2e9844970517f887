// `tongs audit` on logs as a gateway wrote them, and `tongs consent` where there is no gateway.

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/program.hpp"
#include "support/scratch_folder.hpp"

namespace tongs {
namespace {

using test::Outcome;

const test::Program kTongs(TONGS_BINARY);
const std::string kLog = std::string(TONGS_TEST_DATA) + "/e2e/data/tongs.audit";

class Audit : public ::testing::Test {
 protected:
  void SetUp() override {
    std::ifstream from(kLog);
    for (std::string line; std::getline(from, line);) lines_.push_back(line);
    ASSERT_EQ(lines_.size(), 8u);
  }
  std::string file(const std::vector<std::string>& lines, const std::string& name = "log") const {
    const std::string path = folder_.path().string() + "/" + name;
    std::ofstream out(path, std::ios::binary);
    for (const std::string& line : lines) out << line << "\n";
    return path;
  }
  static Outcome verify(std::vector<std::string> files) {
    files.insert(files.begin(), {"audit", "verify"});
    return kTongs.run(files);
  }
  static void expect_break(const std::string& file, int line) {
    const Outcome outcome = verify({file});
    EXPECT_EQ(outcome.status, 1) << outcome.out;
    EXPECT_TRUE(outcome.out.starts_with(file + ":" + std::to_string(line) + ": broken: ")) << outcome.out;
  }

  test::ScratchFolder folder_;
  std::vector<std::string> lines_;
};

TEST_F(Audit, VerifiesALogThatNobodyTouched) {
  const Outcome outcome = verify({kLog});
  EXPECT_EQ(outcome.status, 0) << outcome.out << outcome.err;
  EXPECT_NE(outcome.out.find("unbroken, 8 lines, numbers 1 to 8"), std::string::npos) << outcome.out;
  const Outcome json = verify({"--format", "json", kLog});
  EXPECT_NE(json.out.find(R"("valid":true,"lines":8,"first":1,"last":8)"), std::string::npos) << json.out;
}

TEST_F(Audit, FollowsTheChainFromFileToFile) {
  const std::string old = file({lines_.begin(), lines_.begin() + 3}, "old");
  const std::string now = file({lines_.begin() + 3, lines_.end()}, "now");
  EXPECT_EQ(verify({old, now}).status, 0);
  EXPECT_EQ(verify({now, old}).status, 1);
  const Outcome late = verify({now});
  EXPECT_EQ(late.status, 0);
  EXPECT_NE(late.out.find("before number 4 is not in these files"), std::string::npos) << late.out;
}

TEST_F(Audit, NamesTheLineWhereItBreaks) {
  auto changed = lines_;
  changed[4].replace(changed[4].find("\"outcome\":\"") + 11, 4, "gone");
  expect_break(file(changed), 5);
  auto removed = lines_;
  removed.erase(removed.begin() + 2);
  expect_break(file(removed), 3);
  auto inserted = lines_;
  inserted.insert(inserted.begin() + 3, lines_[1]);
  expect_break(file(inserted), 4);
  auto moved = lines_;
  std::swap(moved[5], moved[6]);
  expect_break(file(moved), 6);
  auto foreign = lines_;
  foreign.insert(foreign.begin(), "notes");
  expect_break(file(foreign), 1);
}

TEST_F(Audit, TellsATornLastLineFromAChangedOne) {
  const std::string path = file(lines_);
  std::ofstream(path, std::ios::app) << lines_.back().substr(0, 50);
  const Outcome outcome = verify({path});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_NE(outcome.out.find("the last line is not whole"), std::string::npos) << outcome.out;
}

TEST_F(Audit, ShowsWhatIsAskedFor) {
  const auto shown = [](std::vector<std::string> more) {
    more.insert(more.begin(), {"audit", "show", kLog, "--format", "json"});
    const Outcome outcome = kTongs.run(more);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return std::count(outcome.out.begin(), outcome.out.end(), '\n');
  };
  EXPECT_EQ(shown({}), 8);
  EXPECT_EQ(shown({"--event", "user_consent.revoked"}), 1);
  EXPECT_EQ(shown({"--installation", "0a3a7799-53ae-4a5b-9e7e-03338980abb5"}), 6);
  EXPECT_EQ(
      shown({"--installation", "ari:cloud:ecosystem::installation/0a3a7799-53ae-4a5b-9e7e-03338980abb5"}), 6);
  EXPECT_EQ(shown({"--since", "2100-01-01T00:00:00Z"}), 0);
  EXPECT_EQ(shown({"--since", "0"}), 8);
  const Outcome human = kTongs.run({"audit", "show", kLog});
  EXPECT_NE(human.out.find("user_consent.revoked done"), std::string::npos) << human.out;
  EXPECT_NE(human.out.find("account=557058:absent"), std::string::npos) << human.out;
}

TEST_F(Audit, EndsWithTwoForAFileThatCannotBeRead) {
  for (const std::string& none : {folder_.path().string() + "/none", folder_.path().string()}) {
    EXPECT_EQ(verify({none}).status, 2);
    EXPECT_EQ(kTongs.run({"audit", "show", none}).status, 2);
  }
  EXPECT_EQ(kTongs.run({"audit", "show", kLog, "--since", "yesterday"}).status, 2);
}

TEST(Consent, SaysWhatIsMissingBeforeItAsksAnybody) {
  const test::ScratchFolder folder;
  const std::string token = folder.path().string() + "/admin.token";
  const auto revoke = [&](const std::string& installation, const std::string& admin) {
    return kTongs.run(
        {"consent", "revoke", "--installation", installation, "--admin", admin, "--admin-token", token});
  };
  const Outcome no_token = revoke("0a3a7799", "http://127.0.0.1:1");
  EXPECT_EQ(no_token.status, 2);
  EXPECT_NE(no_token.err.find(token), std::string::npos) << no_token.err;
  std::ofstream(token) << "0123456789abcdef\n";
  ASSERT_EQ(::chmod(token.c_str(), 0644), 0);
  EXPECT_EQ(revoke("0a3a7799", "http://127.0.0.1:1").status, 2) << "everybody could read it";
  ASSERT_EQ(::chmod(token.c_str(), 0600), 0);
  EXPECT_EQ(revoke("a b", "http://127.0.0.1:1").status, 2);
  EXPECT_EQ(revoke("0a3a7799", "http://192.0.2.1:7074").status, 2) << "the token would be sent in clear";
  EXPECT_EQ(revoke("0a3a7799", "http://127.0.0.1:1").status, 3) << "nobody listens there";
  EXPECT_EQ(kTongs.run({"consent", "revoke", "--admin-token", token}).status, 2) << "no installation";
}

}  // namespace
}  // namespace tongs
