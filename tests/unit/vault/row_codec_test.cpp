#include "vault/row_codec.hpp"

#include <set>
#include <string>

#include <gtest/gtest.h>

#include "support/vault_fixture.hpp"

namespace tongs::vault {
namespace {

using testing::at;
using testing::installation;

template <class Record>
std::string encoded(const Record& record) {
  std::string bytes;
  encode(record, bytes);
  return bytes;
}

TEST(RowCodec, keeps_every_fact_of_an_installation) {
  Installation record = installation(7);
  record.state = InstallationState::uninstalled;
  record.revoked = true;
  record.license_active = false;
  record.updated_at = at(-5);
  const auto read = decode_installation(record.id, encoded(record));
  ASSERT_TRUE(read);
  EXPECT_TRUE(same_facts(*read, record));
  EXPECT_EQ(read->updated_at, record.updated_at);
}

TEST(RowCodec, keeps_what_is_absent_absent) {
  const Installation record{.id = installation(1).id, .app = installation(1).app};
  const auto read = decode_installation(record.id, encoded(record));
  ASSERT_TRUE(read);
  EXPECT_TRUE(same_facts(*read, record));
  EXPECT_FALSE(read->license_active.has_value());
  EXPECT_FALSE(read->context.has_value());
}

TEST(RowCodec, keeps_text_of_any_script_and_any_byte) {
  Installation record = installation(1);
  record.environment_type = "öäü 漢字 🔨";
  record.contexts = {{std::string("\0\xff\n", 3), "", "", "{b7ea}"}, {}};
  record.auth_trigger_url = Secret(std::string(100'000, 'x'));
  const auto read = decode_installation(record.id, encoded(record));
  ASSERT_TRUE(read);
  EXPECT_TRUE(same_facts(*read, record));
}

TEST(RowCodec, keeps_a_token_and_takes_its_end_from_the_row) {
  const auto read = decode_token(at(77), encoded(Token{Secret("abc"), at(1), at(42)}));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->secret.reveal(), "abc");
  EXPECT_EQ(read->received_at, at(42));
  EXPECT_EQ(read->expires_at, at(77));
}

TEST(RowCodec, refuses_bytes_that_end_within_a_field) {
  const Installation record = installation(1);
  const std::string bytes = encoded(record);
  std::set<std::size_t> accepted;
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    if (decode_installation(record.id, std::string_view(bytes).substr(0, size))) accepted.insert(size);
  }
  EXPECT_LE(accepted.size(), 13u) << "only where a whole field ends";
  EXPECT_FALSE(decode_token(at(1), "")) << "a token row without a token";
}

TEST(RowCodec, refuses_a_field_of_a_later_version) {
  const Installation record = installation(1);
  std::string bytes = encoded(record);
  bytes += std::string("\x63\x01\x00\x00\x00x", 6);
  const auto read = decode_installation(record.id, bytes);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code(), Errc::storage_failed);
}

TEST(AssociatedData, is_different_for_every_place) {
  const auto data = [](RowKind kind, std::string_view installation, std::string_view account,
                       std::int64_t ends) {
    std::string out;
    associated_data(kind, installation, account, ends, out);
    return out;
  };
  const std::set<std::string> all = {
      data(RowKind::system_token, "ab", "c", 1), data(RowKind::system_token, "a", "bc", 1),
      data(RowKind::system_token, "abc", "", 1), data(RowKind::user_token, "ab", "c", 1),
      data(RowKind::system_token, "ab", "c", 2), data(RowKind::system_token, "", "abc", 1)};
  EXPECT_EQ(all.size(), 6u);
}

}  // namespace
}  // namespace tongs::vault
