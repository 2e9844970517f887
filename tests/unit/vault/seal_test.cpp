#include "vault/seal.hpp"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace tongs::vault {
namespace {

Key key_of(char byte) { return *Key::from_bytes(Secret(std::string(Key::kBytes, byte))); }

std::string sealed_by(Sealer& sealer, std::string_view plain, std::string_view bound_to) {
  std::string sealed;
  EXPECT_TRUE(sealer.seal(plain, bound_to, sealed));
  return sealed;
}

TEST(Sealer, opens_what_it_sealed) {
  Sealer sealer{KeyRing(key_of('a'))};
  for (const std::string& plain : {std::string(), std::string("token"), std::string(100'000, '\xff')}) {
    const std::string sealed = sealed_by(sealer, plain, "row");
    EXPECT_EQ(sealed.size(), plain.size() + Sealer::kOverhead);
    std::string opened = "left over";
    ASSERT_TRUE(sealer.open(sealed, "row", opened));
    EXPECT_EQ(opened, plain);
  }
}

TEST(Sealer, hides_the_content) {
  Sealer sealer{KeyRing(key_of('a'))};
  EXPECT_EQ(sealed_by(sealer, "very secret token", "row").find("secret"), std::string::npos);
}

TEST(Sealer, does_not_open_what_was_bound_to_another_place) {
  Sealer sealer{KeyRing(key_of('a'))};
  const std::string sealed = sealed_by(sealer, "token", "installation 1");
  std::string opened;
  const auto outcome = sealer.open(sealed, "installation 2", opened);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code(), Errc::storage_failed);
  EXPECT_TRUE(opened.empty());
}

TEST(Sealer, finds_every_changed_bit) {
  Sealer sealer{KeyRing(key_of('a'))};
  const std::string sealed = sealed_by(sealer, "token", "row");
  std::string opened;
  for (std::size_t bit = 0; bit < 8 * sealed.size(); ++bit) {
    std::string changed = sealed;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(sealer.open(changed, "row", opened)) << "bit " << bit;
  }
  EXPECT_TRUE(sealer.open(sealed, "row", opened)) << "failures leave no trace";
}

TEST(Sealer, refuses_bytes_of_every_shorter_length) {
  Sealer sealer{KeyRing(key_of('a'))};
  const std::string sealed = sealed_by(sealer, "token", "row");
  std::string opened;
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    EXPECT_FALSE(sealer.open(std::string_view(sealed).substr(0, size), "row", opened)) << size;
  }
}

TEST(Sealer, opens_with_older_keys_and_seals_with_the_active_one) {
  Sealer before{KeyRing(key_of('a'))};
  const std::string old = sealed_by(before, "token", "row");
  Sealer after{KeyRing(key_of('a')).rotated_to(key_of('b'))};
  std::string opened;
  EXPECT_TRUE(after.open(old, "row", opened));
  EXPECT_EQ(opened, "token");
  const std::string fresh = sealed_by(after, "token", "row");
  EXPECT_FALSE(before.open(fresh, "row", opened)) << "the old ring does not hold the new key";
  EXPECT_TRUE(after.open(fresh, "row", opened));
}

TEST(Sealer, never_seals_twice_with_one_nonce) {
  std::set<std::string> nonces;
  for (int run = 0; run < 20; ++run) {
    Sealer sealer{KeyRing(key_of('a'))};
    for (int i = 0; i < 100; ++i) nonces.insert(sealed_by(sealer, "x", "row").substr(1 + 8, 12));
  }
  EXPECT_EQ(nonces.size(), 2000u);
}

TEST(NonceSequence, ends_after_its_limit_and_starts_again_under_another_prefix) {
  NonceSequence nonces(3);
  EXPECT_FALSE(nonces.has_next()) << "nothing before the first prefix";
  std::set<NonceSequence::Nonce> seen;
  for (const std::uint64_t prefix : {1u, 2u}) {
    nonces.restart(prefix);
    for (int i = 0; i < 3; ++i) {
      ASSERT_TRUE(nonces.has_next());
      EXPECT_TRUE(seen.insert(nonces.next()).second);
    }
    EXPECT_FALSE(nonces.has_next());
  }
}

TEST(Key, has_an_id_of_its_own_that_does_not_change) {
  EXPECT_EQ(to_string(key_of('a').id()), to_string(key_of('a').id()));
  EXPECT_NE(to_string(key_of('a').id()), to_string(key_of('b').id()));
  EXPECT_EQ(to_string(key_of('a').id()).size(), 16u);
}

TEST(Key, of_another_length_is_refused) {
  EXPECT_FALSE(Key::from_bytes(Secret("short")));
  EXPECT_FALSE(Key::from_bytes(Secret()));
  EXPECT_FALSE(Key::from_bytes(Secret(std::string(33, 'a'))));
}

TEST(KeyRing, keeps_the_newest_keys_and_drops_the_oldest) {
  KeyRing ring(key_of('a'));
  for (char byte = 'b'; byte <= 'z'; ++byte) ring = ring.rotated_to(key_of(byte));
  EXPECT_EQ(ring.keys().size(), KeyRing::kMaxKeys);
  EXPECT_EQ(to_string(ring.active().id()), to_string(key_of('z').id()));
  EXPECT_NE(ring.find(key_of('y').id()), nullptr);
  EXPECT_EQ(ring.find(key_of('a').id()), nullptr);
}

TEST(KeyRing, rotated_to_a_key_that_it_holds_does_not_hold_it_twice) {
  const KeyRing ring = KeyRing(key_of('a')).rotated_to(key_of('b')).rotated_to(key_of('a'));
  EXPECT_EQ(ring.keys().size(), 2u);
  EXPECT_EQ(to_string(ring.active().id()), to_string(key_of('a').id()));
}

}  // namespace
}  // namespace tongs::vault
