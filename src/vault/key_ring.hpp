#pragma once
#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include <tongs/result.hpp>
#include <tongs/secret.hpp>

namespace tongs::vault {

/// Names a key: the first eight bytes of a hash of it, so that one id never stands for two keys and a key
/// that was copied wrongly is found out.
using KeyId = std::array<unsigned char, 8>;

/// Sixteen hexadecimal digits.
std::string to_string(const KeyId& id);

/// 256 bits for AES-GCM, and their name. Thread safety: const.
class Key {
 public:
  static constexpr std::size_t kBytes = 32;

  /// Errors: invalid_argument (not 32 bytes).
  static Result<Key> from_bytes(Secret bytes);
  /// From the operating system's randomness. Errors: internal (there is none).
  static Result<Key> generate();

  const KeyId& id() const noexcept { return id_; }
  std::string_view reveal() const noexcept { return bytes_.reveal(); }
  Key duplicate() const { return Key(id_, bytes_.duplicate()); }

 private:
  Key(const KeyId& id, Secret bytes) noexcept : id_(id), bytes_(std::move(bytes)) {}
  KeyId id_;
  Secret bytes_;
};

/// The keys of a vault: the first, the active one, seals; all of them open. Thread safety: const.
class KeyRing {
 public:
  explicit KeyRing(Key active) { keys_.push_back(std::move(active)); }

  const Key& active() const noexcept { return keys_.front(); }
  const std::vector<Key>& keys() const noexcept { return keys_; }
  const Key* find(const KeyId& id) const noexcept;

  /// Adds a key that only opens; one that is there already stays where it is.
  void add(Key older);
  /// This ring with another active key. The keys of before only open from then on; the oldest go when there
  /// are more than `kMaxKeys`.
  KeyRing rotated_to(Key active) const;

  static constexpr std::size_t kMaxKeys = 8;

 private:
  std::vector<Key> keys_;
};

}  // namespace tongs::vault
