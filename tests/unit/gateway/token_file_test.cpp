#include "gateway/admin/token_file.hpp"

#include <filesystem>
#include <fstream>
#include <set>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/stat.h>

namespace tongs::gateway {
namespace {

class TokenFileOnDisk : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = ::testing::TempDir() + "tongs_token_XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    directory = name;
    path = directory / "admin.token";
  }
  void TearDown() override { std::filesystem::remove_all(directory); }

  void write(const std::string& content, mode_t mode = 0600) const {
    std::ofstream(path) << content;
    ASSERT_EQ(::chmod(path.c_str(), mode), 0);
  }
  std::string content() const {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  /// Why it is not taken; the message names the file.
  Errc refusal() const {
    const Error error = read_or_create_token(path).error();
    EXPECT_NE(error.message().find(path.native()), std::string_view::npos) << error.message();
    return error.code();
  }

  std::filesystem::path directory, path;
};

TEST_F(TokenFileOnDisk, is_created_once_for_its_owner_alone) {
  const auto first = read_or_create_token(path);
  ASSERT_TRUE(first);
  EXPECT_TRUE(first->created);
  EXPECT_EQ(first->token.size(), 43U);
  EXPECT_EQ(content(), std::string(first->token.reveal()) + "\n");
  struct stat status{};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  const auto second = read_or_create_token(path);
  ASSERT_TRUE(second);
  EXPECT_FALSE(second->created);
  EXPECT_EQ(second->token, first->token);
}

TEST_F(TokenFileOnDisk, differs_from_every_other) {
  const auto first = read_or_create_token(path);
  std::filesystem::remove(path);
  const auto second = read_or_create_token(path);
  EXPECT_FALSE(first->token == second->token);
}

TEST_F(TokenFileOnDisk, is_one_and_the_same_for_all_who_create_it_together) {
  std::vector<std::string> tokens(8);
  std::vector<std::thread> threads;
  for (auto& token : tokens) {
    threads.emplace_back([&token, this] { token = read_or_create_token(path)->token.reveal(); });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(std::set<std::string>(tokens.begin(), tokens.end()).size(), 1U);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory), {}), 1);
}

TEST_F(TokenFileOnDisk, may_be_written_by_a_person) {
  write("my-own.token~1234/+==\r\n");
  EXPECT_EQ(read_or_create_token(path)->token.reveal(), "my-own.token~1234/+==");
}

TEST_F(TokenFileOnDisk, is_refused_when_others_can_read_it) {
  write("0123456789abcdef0123456789abcdef\n", 0640);
  EXPECT_EQ(refusal(), Errc::forbidden);
  write("0123456789abcdef0123456789abcdef\n", 0604);
  EXPECT_EQ(refusal(), Errc::forbidden);
}

TEST_F(TokenFileOnDisk, is_refused_when_it_holds_no_token) {
  for (const std::string text :
       {"", "\n", "short", "0123456789abcde\n", "0123456789 abcdef\n", "0123456789\nabcdef\n"}) {
    write(text);
    EXPECT_EQ(refusal(), Errc::invalid_argument) << text;
    EXPECT_EQ(content(), text);
  }
  write(std::string(1025, 'a'));
  EXPECT_EQ(refusal(), Errc::invalid_argument);
}

TEST_F(TokenFileOnDisk, needs_its_directory) {
  path = directory / "missing" / "token";
  EXPECT_EQ(refusal(), Errc::storage_failed);
}

}  // namespace
}  // namespace tongs::gateway
