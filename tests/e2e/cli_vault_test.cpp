// `tongs vault` on files of its own.

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/program.hpp"
#include "support/scratch_folder.hpp"

namespace tongs {
namespace {

using test::Outcome;

const test::Program kTongs(TONGS_BINARY);

constexpr const char* kExport =
    R"({"kind":"tongs-vault-export","version":1,"secrets":true}
{"kind":"installation","id":"0a3a7799","app":"ari:cloud:ecosystem::app/8db33809-1f32-48bb-8c52-5877dab48107","appVersion":"1","environmentType":"PRODUCTION","environmentId":"e","contexts":[{"name":"jira","apiBaseUrl":"https://api.atlassian.com/ex/jira/c","cloudId":"c","workspaceId":""}],"context":"ari:cloud:jira::site/c","apiBaseUrl":"https://api.atlassian.com/ex/jira/c","installed":true,"revoked":false,"waiting":false,"licenseActive":true,"authTriggerUrl":"https://trigger.example/secret","installedAt":1700000000,"updatedAt":1700000001}
{"kind":"user-consent","installation":"0a3a7799","account":"557058:bob","revoked":true,"changedAt":1700000002}
{"kind":"system-token","installation":"0a3a7799","expiresAt":4102444800,"receivedAt":1700000003,"token":"system-secret"}
{"kind":"user-token","installation":"0a3a7799","account":"557058:alice","expiresAt":4102444800,"receivedAt":1700000004,"token":"user-secret"}
)";

class Vault : public ::testing::Test {
 protected:
  std::string file(const std::string& name) const { return folder_.path().string() + "/" + name; }
  Outcome run(std::vector<std::string> arguments, const std::string& vault = "tongs.db") const {
    arguments.insert(arguments.begin(), "vault");
    arguments.insert(arguments.end(), {"--vault", file(vault), "--key-file", file(vault + ".key")});
    return kTongs.run(arguments);
  }
  std::string write(const std::string& name, const std::string& content) const {
    std::ofstream(file(name), std::ios::binary) << content;
    return file(name);
  }
  std::string content(const std::string& name) const {
    std::ifstream from(file(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(from), {}};
  }
  /// An export without the times at which its tokens were received, which an import sets anew.
  static std::string comparable(std::string lines) {
    for (auto at = lines.find("\"receivedAt\":"); at != std::string::npos;
         at = lines.find("\"receivedAt\":", at)) {
      lines.erase(at, lines.find(',', at) + 1 - at);
    }
    return lines;
  }

  test::ScratchFolder folder_;
};

TEST_F(Vault, IsMadeOnceWithAKeyOfItsOwn) {
  const Outcome made = run({"init"});
  EXPECT_EQ(made.status, 0) << made.err;
  EXPECT_NE(made.out.find("keep a copy"), std::string::npos) << made.out;
  const Outcome again = run({"init"});
  EXPECT_EQ(again.status, 2);
  EXPECT_NE(again.err.find(file("tongs.db")), std::string::npos) << again.err;
}

TEST_F(Vault, ComesBackFromItsExportWithEverythingInIt) {
  const Outcome imported = run({"import", write("in.jsonl", kExport)});
  ASSERT_EQ(imported.status, 0) << imported.err;
  EXPECT_EQ(imported.out, "1 new installation, 1 revoked consent and 2 tokens imported\n");
  const Outcome exported = run({"export", "--reveal-secrets", "--output", file("out.jsonl")});
  ASSERT_EQ(exported.status, 0) << exported.err;
  EXPECT_EQ(comparable(content("out.jsonl")), comparable(kExport));
  struct stat status{};
  ASSERT_EQ(::stat(file("out.jsonl").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777u, 0600u);
  EXPECT_EQ(run({"import", file("out.jsonl")}, "other.db").status, 0);
  EXPECT_EQ(comparable(run({"export", "--reveal-secrets"}, "other.db").out), comparable(kExport));
}

TEST_F(Vault, NeverExportsOverAFile) {
  ASSERT_EQ(run({"init"}).status, 0);
  const Outcome refused = run({"export", "--output", write("out.jsonl", "mine")});
  EXPECT_EQ(refused.status, 2);
  EXPECT_TRUE(refused.err.starts_with("tongs: " + file("out.jsonl"))) << refused.err;
  EXPECT_EQ(content("out.jsonl"), "mine");
}

TEST_F(Vault, IsNotMadeForAnImportThatCannotBeRead) {
  for (const std::string& from : {file("missing.jsonl"), write("empty.jsonl", "")}) {
    const Outcome refused = run({"import", from});
    EXPECT_EQ(refused.status, 2) << from;
    EXPECT_TRUE(refused.err.starts_with("tongs: " + from)) << refused.err;
    EXPECT_FALSE(std::filesystem::exists(file("tongs.db"))) << from;
  }
}

TEST_F(Vault, RevealsNoTokenUnlessToldTo) {
  ASSERT_EQ(run({"import", write("in.jsonl", kExport)}).status, 0);
  const Outcome exported = run({"export"});
  EXPECT_EQ(exported.status, 0);
  EXPECT_EQ(exported.out.find("secret\""), std::string::npos) << exported.out;
  EXPECT_NE(exported.out.find("557058:bob"), std::string::npos);
  EXPECT_NE(exported.err.find("--reveal-secrets"), std::string::npos);
  EXPECT_EQ(content("tongs.db").find("secret"), std::string::npos) << "nor does its file";
}

TEST_F(Vault, ThatIsNotEmptyTakesAnImportOnlyIfToldToAndLiftsNoRevocation) {
  std::string revoked = kExport;
  revoked.replace(revoked.find(R"("revoked":false)"), 15, R"("revoked":true)");
  ASSERT_EQ(run({"import", write("revoked.jsonl", revoked)}).status, 0);
  EXPECT_EQ(run({"import", write("in.jsonl", kExport)}).status, 2);
  const Outcome merged = run({"import", file("in.jsonl"), "--merge"});
  EXPECT_EQ(merged.status, 0) << merged.err;
  EXPECT_NE(merged.out.find("2 tokens left out"), std::string::npos) << merged.out;
  const Outcome exported = run({"export", "--reveal-secrets"});
  EXPECT_NE(exported.out.find(R"("installed":true,"revoked":true)"), std::string::npos) << exported.out;
}

TEST_F(Vault, NamesTheLineOfAnImportThatIsNone) {
  const std::string good = kExport;
  for (const std::string& wrong :
       {std::string("{}\n"), std::string("notes\n"), good.substr(good.find('\n') + 1),
        std::string(R"({"kind":"tongs-vault-export","version":2})") + "\n"}) {
    const Outcome outcome = run({"import", write("wrong.jsonl", wrong)}, "a.db");
    EXPECT_EQ(outcome.status, 2) << wrong;
    EXPECT_NE(outcome.err.find("wrong.jsonl:1: "), std::string::npos) << outcome.err;
  }
  const Outcome torn = run({"import", write("torn.jsonl", good.substr(0, good.size() - 30))}, "b.db");
  EXPECT_EQ(torn.status, 2);
  EXPECT_NE(torn.err.find("torn.jsonl:5: "), std::string::npos) << torn.err;
}

TEST_F(Vault, GetsANewKeyAndACopy) {
  ASSERT_EQ(run({"import", write("in.jsonl", kExport)}).status, 0);
  const Outcome before = run({"status", "--format", "json"});
  const Outcome rotated = run({"rotate-key", "--format", "json"});
  EXPECT_EQ(rotated.status, 0) << rotated.err;
  EXPECT_NE(rotated.out, before.out);
  EXPECT_NE(rotated.out.find(R"("installations":1,)"), std::string::npos) << rotated.out;
  EXPECT_EQ(run({"backup", file("copy.db")}).status, 0);
  const Outcome there = run({"backup", file("copy.db")});
  EXPECT_EQ(there.status, 2);
  EXPECT_NE(there.err.find("copy.db"), std::string::npos) << there.err;
  std::filesystem::copy_file(file("tongs.db.key"), file("copy.db.key"));
  EXPECT_EQ(comparable(run({"export", "--reveal-secrets"}, "copy.db").out), comparable(kExport));
}

TEST_F(Vault, SaysWhatIsWrongWithItsFiles) {
  for (const char* verb : {"status", "rotate-key", "export"}) {
    const Outcome missing = run({verb});
    EXPECT_EQ(missing.status, 2) << verb;
    EXPECT_NE(missing.err.find("tongs vault init"), std::string::npos) << missing.err;
    EXPECT_FALSE(std::filesystem::exists(file("tongs.db"))) << "it must not make one by the way";
  }
  ASSERT_EQ(run({"init"}).status, 0);
  std::filesystem::rename(file("tongs.db.key"), file("kept.key"));
  const Outcome keyless = run({"status"});
  EXPECT_EQ(keyless.status, 2);
  EXPECT_NE(keyless.err.find("restore the key file"), std::string::npos) << keyless.err;
  EXPECT_FALSE(std::filesystem::exists(file("tongs.db.key")));
  write("notes.db", std::string(10'000, 'x'));
  const Outcome foreign = run({"status"}, "notes.db");
  EXPECT_EQ(foreign.status, 2);
  EXPECT_NE(foreign.err.find("not a SQLite file"), std::string::npos) << foreign.err;
}

}  // namespace
}  // namespace tongs
