#include "vault/key_file.hpp"

#include <filesystem>
#include <string>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/base64url.hpp"
#include "support/vault_fixture.hpp"

namespace tongs::vault {
namespace {

using testing::content_of;
using testing::mode_of;
using testing::TemporaryDirectory;
using testing::write_file;

Key key_of(char byte) { return *Key::from_bytes(Secret(std::string(Key::kBytes, byte))); }
std::string id_of(char byte) { return to_string(key_of(byte).id()); }
std::string encoded(char byte) { return base64url_encode(key_of(byte).reveal()); }
std::string line_of(char byte) { return "key " + id_of(byte) + " " + encoded(byte) + "\n"; }

std::string message_of(std::string_view text) {
  const auto ring = parse_keys(text);
  return ring ? "accepted" : std::string(ring.error().message());
}

TEST(KeyText, is_read_as_it_was_written) {
  const KeyRing ring = KeyRing(key_of('a')).rotated_to(key_of('b'));
  const auto read = parse_keys(format_keys(ring).reveal());
  ASSERT_TRUE(read);
  ASSERT_EQ(read->keys().size(), 2u);
  EXPECT_EQ(to_string(read->active().id()), id_of('b'));
  EXPECT_EQ(read->keys()[1].reveal(), key_of('a').reveal());
}

TEST(KeyText, may_hold_comments_blank_lines_and_foreign_line_ends) {
  const auto ring = parse_keys("\xef\xbb\xbf" + line_of('a')).has_value();  // a byte order mark is not a key
  EXPECT_FALSE(ring);
  EXPECT_TRUE(parse_keys("tongs-vault-keys 1\r\n\r\n  # note\r\n" + line_of('a')));
}

TEST(KeyText, of_an_environment_variable_is_a_list_of_keys) {
  const auto ring = parse_keys(encoded('a') + ", " + encoded('b') + "\n");
  ASSERT_TRUE(ring);
  EXPECT_EQ(to_string(ring->active().id()), id_of('a'));
  EXPECT_EQ(ring->keys().size(), 2u);
}

TEST(KeyText, says_where_it_is_wrong) {
  const std::string head = "tongs-vault-keys 1\n";
  EXPECT_NE(message_of("tongs-vault-keys 2\n" + line_of('a')).find("line 1: a version"), std::string::npos);
  EXPECT_NE(message_of(head + "kye x y").find("line 2: expected"), std::string::npos);
  EXPECT_NE(message_of(head + line_of('a') + "key " + id_of('a') + " AAAA").find("line 3: the key is not"),
            std::string::npos);
  EXPECT_NE(message_of(head + "key " + id_of('b') + " " + encoded('a')).find("line 2: the id"),
            std::string::npos);
  EXPECT_NE(message_of(encoded('a') + ",nonsense").find("key 2: "), std::string::npos);
  EXPECT_NE(message_of("").find("no key"), std::string::npos);
  EXPECT_NE(message_of(head).find("no key"), std::string::npos);
}

TEST(KeyText, never_shows_a_key_in_its_messages) {
  std::string broken = line_of('a');
  broken.insert(broken.size() - 2, "?");
  EXPECT_EQ(message_of("tongs-vault-keys 1\n" + broken).find(encoded('a').substr(0, 8)), std::string::npos);
}

class KeyFile : public ::testing::Test {
 protected:
  std::string path() const { return directory_.file("vault.key"); }
  TemporaryDirectory directory_;
};

TEST_F(KeyFile, is_created_for_its_owner_alone_and_read_back) {
  ASSERT_TRUE(create_key_file(path(), KeyRing(key_of('a'))));
  EXPECT_EQ(mode_of(path()), 0600u);
  const auto keys = read_keys({.file = path()});
  ASSERT_TRUE(keys);
  EXPECT_TRUE(keys->in_file);
  EXPECT_EQ(to_string(keys->ring.active().id()), id_of('a'));
}

TEST_F(KeyFile, is_never_written_over_when_it_should_be_created) {
  ASSERT_TRUE(create_key_file(path(), KeyRing(key_of('a'))));
  const auto again = create_key_file(path(), KeyRing(key_of('b')));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code(), Errc::conflict);
  EXPECT_EQ(to_string(read_keys({.file = path()})->ring.active().id()), id_of('a'));
}

TEST_F(KeyFile, leaves_no_second_copy_of_its_keys_behind) {
  ASSERT_TRUE(create_key_file(path(), KeyRing(key_of('a'))));
  ASSERT_FALSE(create_key_file(path(), KeyRing(key_of('b'))));
  ASSERT_TRUE(replace_key_file(path(), KeyRing(key_of('c'))));
  const auto files = std::filesystem::directory_iterator(std::filesystem::path(path()).parent_path());
  EXPECT_EQ(std::distance(begin(files), end(files)), 1);
}

TEST_F(KeyFile, that_others_could_read_is_refused) {
  ASSERT_TRUE(create_key_file(path(), KeyRing(key_of('a'))));
  for (const ::mode_t mode : {0640u, 0604u, 0620u, 0601u, 0666u}) {
    ASSERT_EQ(::chmod(path().c_str(), mode), 0);
    const auto keys = read_keys({.file = path()});
    ASSERT_FALSE(keys) << std::oct << mode;
    EXPECT_EQ(keys.error().code(), Errc::forbidden);
  }
  ASSERT_EQ(::chmod(path().c_str(), 0400), 0);
  EXPECT_TRUE(read_keys({.file = path()}));
}

TEST_F(KeyFile, behind_a_symbolic_link_is_replaced_where_it_is) {
  ASSERT_TRUE(create_key_file(path(), KeyRing(key_of('a'))));
  const std::string link = directory_.file("link");
  std::filesystem::create_symlink(path(), link);
  ASSERT_TRUE(replace_key_file(link, KeyRing(key_of('b'))));
  EXPECT_TRUE(std::filesystem::is_symlink(link));
  EXPECT_EQ(to_string(read_keys({.file = path()})->ring.active().id()), id_of('b'));
}

TEST_F(KeyFile, that_is_no_file_or_too_large_is_refused) {
  EXPECT_EQ(read_keys({.file = directory_.file("none")}).error().code(), Errc::not_found);
  EXPECT_EQ(read_keys({.file = directory_.file("")}).error().code(), Errc::storage_failed);
  write_file(path(), std::string(70'000, '#'));
  ASSERT_EQ(::chmod(path().c_str(), 0600), 0);
  EXPECT_EQ(read_keys({.file = path()}).error().code(), Errc::storage_failed);
  write_file(path(), "");
  EXPECT_EQ(read_keys({.file = path()}).error().code(), Errc::invalid_argument);
}

TEST_F(KeyFile, that_is_refused_is_named) {
  const auto names = [](const Error& error, const std::string& file) {
    EXPECT_NE(error.describe().find(file), std::string::npos) << error.describe();
  };
  const std::string missing = directory_.file("no/such/dir");
  names(read_keys({.file = missing}).error(), missing);
  names(read_keys({.file = directory_.file("")}).error(), directory_.file(""));
  names(create_key_file(missing, KeyRing(key_of('a'))).error(), missing);
  names(replace_key_file(missing, KeyRing(key_of('a'))).error(), missing);
  for (const auto& [content, mode] : {std::pair<std::string, ::mode_t>{"nonsense", 0600},
                                      {encoded('a'), 0644},
                                      {std::string(70'000, '#'), 0600}}) {
    write_file(path(), content);
    ASSERT_EQ(::chmod(path().c_str(), mode), 0);
    names(read_keys({.file = path()}).error(), path());
  }
  names(create_key_file(path(), KeyRing(key_of('a'))).error(), path());
}

TEST_F(KeyFile, that_cannot_be_written_is_an_error_and_leaves_the_old_one) {
  EXPECT_EQ(create_key_file(directory_.file("no/such/dir"), KeyRing(key_of('a'))).error().code(),
            Errc::storage_failed);
  EXPECT_EQ(replace_key_file(path(), KeyRing(key_of('a'))).error().code(), Errc::storage_failed);
}

TEST_F(KeyFile, comes_after_the_environment_and_the_credential) {
  ASSERT_TRUE(create_key_file(path(), KeyRing(key_of('a'))));
  const std::string credential = directory_.file("credential");
  write_file(credential, encoded('b'));
  ASSERT_EQ(::chmod(credential.c_str(), 0440), 0);  // the service manager guards the directory

  const auto from_text = read_keys({.text = Secret(encoded('c')), .credential = credential, .file = path()});
  ASSERT_TRUE(from_text);
  EXPECT_EQ(to_string(from_text->ring.active().id()), id_of('c'));
  EXPECT_FALSE(from_text->in_file);

  const auto from_credential = read_keys({.credential = credential, .file = path()});
  ASSERT_TRUE(from_credential);
  EXPECT_EQ(to_string(from_credential->ring.active().id()), id_of('b'));
  EXPECT_FALSE(from_credential->in_file);

  EXPECT_TRUE(read_keys({.credential = directory_.file("none"), .file = path()})->in_file);
  EXPECT_EQ(read_keys({}).error().code(), Errc::not_found);
}

TEST_F(KeyFile, a_broken_credential_is_not_passed_over) {
  ASSERT_TRUE(create_key_file(path(), KeyRing(key_of('a'))));
  const std::string credential = directory_.file("credential");
  write_file(credential, "nonsense");
  EXPECT_FALSE(read_keys({.credential = credential, .file = path()}));
}

}  // namespace
}  // namespace tongs::vault
