#include "vault/key_ring.hpp"

#include <algorithm>

#include <openssl/evp.h>
#include <openssl/rand.h>

namespace tongs::vault {

namespace {

constexpr std::string_view kIdLabel = "tongs vault key id 1";

Result<KeyId> id_of(std::string_view key) {
  std::string labelled(kIdLabel);
  labelled.reserve(labelled.size() + key.size());
  labelled.append(key);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  const bool hashed =
      EVP_Digest(labelled.data(), labelled.size(), digest.data(), &size, EVP_sha256(), nullptr) == 1;
  tongs::wipe(labelled);
  if (!hashed) return Error(Errc::internal, "OpenSSL refused SHA-256");
  KeyId id;
  std::copy_n(digest.begin(), id.size(), id.begin());
  return id;
}

}  // namespace

std::string to_string(const KeyId& id) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * id.size());
  for (const unsigned char byte : id) {
    text.push_back(digits[byte >> 4]);
    text.push_back(digits[byte & 15]);
  }
  return text;
}

Result<Key> Key::from_bytes(Secret bytes) {
  if (bytes.size() != kBytes) return Error(Errc::invalid_argument, "a vault key has 32 bytes");
  auto id = id_of(bytes.reveal());
  if (!id) return id.error();
  return Key(*id, std::move(bytes));
}

Result<Key> Key::generate() {
  std::string bytes(kBytes, '\0');
  if (RAND_priv_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size())) != 1) {
    return Error(Errc::internal, "the operating system gave no randomness for a vault key");
  }
  return from_bytes(Secret::take(std::move(bytes)));
}

const Key* KeyRing::find(const KeyId& id) const noexcept {
  const auto found = std::find_if(keys_.begin(), keys_.end(), [&](const Key& key) { return key.id() == id; });
  return found == keys_.end() ? nullptr : &*found;
}

void KeyRing::add(Key older) {
  if (find(older.id()) == nullptr) keys_.push_back(std::move(older));
}

KeyRing KeyRing::rotated_to(Key active) const {
  KeyRing ring(std::move(active));
  for (const Key& key : keys_) {
    if (ring.keys_.size() < kMaxKeys) ring.add(key.duplicate());
  }
  return ring;
}

}  // namespace tongs::vault
