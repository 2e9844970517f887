#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <tongs/result.hpp>

#include "vault/key_ring.hpp"

namespace tongs::vault {

/// 96-bit nonces that do not repeat: a random prefix of 64 bits for each run of the program, and a counter of
/// 32 (NIST SP 800-38D 8.2.1, with a random instead of an assigned device field). When the counter is used up
/// there must be a new prefix. Thread safety: none.
class NonceSequence {
 public:
  using Nonce = std::array<unsigned char, 12>;

  /// `limit`: how many nonces one prefix serves, at most what the counter can count.
  explicit NonceSequence(std::uint64_t limit = std::uint64_t{1} << 32) noexcept
      : limit_(limit), next_(limit) {}

  /// Starts again at zero under a prefix that was never used before.
  void restart(std::uint64_t prefix) noexcept;
  /// False until `restart`, and after `limit` nonces.
  bool has_next() const noexcept { return next_ < limit_; }
  /// Precondition: has_next().
  Nonce next() noexcept;

 private:
  std::uint64_t limit_;
  std::uint64_t prefix_ = 0;
  std::uint64_t next_;
};

/// Seals and opens with AES-256-GCM. What is sealed: version (1 byte), key id (8), nonce (12), ciphertext,
/// tag (16). `bound_to` is authenticated but not stored: sealed bytes open only where they were put.
///
/// Limit: the prefix of the nonces is drawn once for each Sealer and again after 2^32 rows. Among 2^16 draws
/// under one key two meet with probability 2^-33: rotate the key before it saw 65,000 starts. A process image
/// that is resumed twice (a cloned snapshot of a virtual machine) would repeat nonces: start the program anew
/// there. Thread safety: none.
class Sealer {
 public:
  explicit Sealer(KeyRing keys);
  Sealer(Sealer&&) noexcept;
  Sealer& operator=(Sealer&&) noexcept;
  ~Sealer();

  const KeyRing& keys() const noexcept;

  /// Overwrites `sealed`, whose memory is used again. Errors: internal (no randomness, OpenSSL refused).
  Result<void> seal(std::string_view plain, std::string_view bound_to, std::string& sealed);

  /// Overwrites `plain`, which holds nothing after an error; the caller wipes it.
  /// Errors: storage_failed (unknown version, a key that is not in the ring, or bytes that were changed or
  /// bound to something else).
  Result<void> open(std::string_view sealed, std::string_view bound_to, std::string& plain);

  /// How many bytes `seal` adds.
  static constexpr std::size_t kOverhead = 1 + sizeof(KeyId) + sizeof(NonceSequence::Nonce) + 16;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tongs::vault
