#include "vault/seal.hpp"

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include <openssl/evp.h>
#include <openssl/rand.h>

namespace tongs::vault {

namespace {

constexpr char kVersion = 1;
constexpr std::size_t kTagBytes = 16;
constexpr std::size_t kMaxBytes = std::size_t{1} << 30;  // OpenSSL counts in int

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

unsigned char* bytes_of(std::string& text) noexcept { return reinterpret_cast<unsigned char*>(text.data()); }
const unsigned char* bytes_of(std::string_view text) noexcept {
  return reinterpret_cast<const unsigned char*>(text.data());
}

/// The key schedule is done once; each row then only sets its nonce.
Context keyed_context(const Key& key, bool encrypt) {
  Context context(EVP_CIPHER_CTX_new());
  if (!context || EVP_CipherInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, bytes_of(key.reveal()),
                                    nullptr, encrypt ? 1 : 0) != 1) {
    return nullptr;
  }
  return context;
}

bool set_nonce(EVP_CIPHER_CTX* context, const unsigned char* nonce) noexcept {
  return EVP_CipherInit_ex(context, nullptr, nullptr, nullptr, nonce, -1) == 1;
}

bool update(EVP_CIPHER_CTX* context, unsigned char* out, std::string_view in) noexcept {
  int written = 0;
  return in.empty() ||
         EVP_CipherUpdate(context, out, &written, bytes_of(in), static_cast<int>(in.size())) == 1;
}

bool finish(EVP_CIPHER_CTX* context) noexcept {
  unsigned char none = 0;
  int written = 0;
  return EVP_CipherFinal_ex(context, &none, &written) == 1;
}

Error refused() { return {Errc::internal, "OpenSSL refused AES-256-GCM"}; }

struct Opener {
  KeyId id;
  Context context;
};

}  // namespace

void NonceSequence::restart(std::uint64_t prefix) noexcept {
  prefix_ = prefix;
  next_ = 0;
}

NonceSequence::Nonce NonceSequence::next() noexcept {
  const auto counter = static_cast<std::uint32_t>(next_++);
  Nonce nonce;
  std::memcpy(nonce.data(), &prefix_, sizeof prefix_);
  std::memcpy(nonce.data() + sizeof prefix_, &counter, sizeof counter);
  return nonce;
}

struct Sealer::Impl {
  explicit Impl(KeyRing ring) : keys(std::move(ring)), sealing(keyed_context(keys.active(), true)) {}

  EVP_CIPHER_CTX* opener(const Key& key) {
    const auto known =
        std::find_if(openers.begin(), openers.end(), [&](const Opener& o) { return o.id == key.id(); });
    if (known != openers.end()) return known->context.get();
    return openers.emplace_back(Opener{key.id(), keyed_context(key, false)}).context.get();
  }

  KeyRing keys;
  NonceSequence nonces;
  Context sealing;
  std::vector<Opener> openers;
};

Sealer::Sealer(KeyRing keys) : impl_(std::make_unique<Impl>(std::move(keys))) {}
Sealer::Sealer(Sealer&&) noexcept = default;
Sealer& Sealer::operator=(Sealer&&) noexcept = default;
Sealer::~Sealer() = default;

const KeyRing& Sealer::keys() const noexcept { return impl_->keys; }

Result<void> Sealer::seal(std::string_view plain, std::string_view bound_to, std::string& sealed) {
  if (plain.size() > kMaxBytes) return Error(Errc::invalid_argument, "a row of the vault is far too large");
  if (!impl_->nonces.has_next()) {
    std::uint64_t prefix = 0;
    if (RAND_bytes(reinterpret_cast<unsigned char*>(&prefix), sizeof prefix) != 1) {
      return Error(Errc::internal, "the operating system gave no randomness for the vault");
    }
    impl_->nonces.restart(prefix);
  }
  const auto nonce = impl_->nonces.next();
  const KeyId& id = impl_->keys.active().id();

  sealed.resize(plain.size() + kOverhead);
  unsigned char* out = bytes_of(sealed);
  *out++ = kVersion;
  out = std::copy(id.begin(), id.end(), out);
  out = std::copy(nonce.begin(), nonce.end(), out);
  EVP_CIPHER_CTX* context = impl_->sealing.get();
  if (context == nullptr || !set_nonce(context, nonce.data()) || !update(context, nullptr, bound_to) ||
      !update(context, out, plain) || !finish(context) ||
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, kTagBytes, out + plain.size()) != 1) {
    return refused();
  }
  return {};
}

Result<void> Sealer::open(std::string_view sealed, std::string_view bound_to, std::string& plain) {
  plain.clear();
  if (sealed.size() < kOverhead || sealed.size() > kMaxBytes || sealed.front() != kVersion) {
    return Error(Errc::storage_failed, "a row of the vault is cut short or of an unknown form");
  }
  KeyId id;
  std::memcpy(id.data(), sealed.data() + 1, id.size());
  const Key* key = impl_->keys.find(id);
  if (key == nullptr) {
    return Error(Errc::storage_failed,
                 "a row of the vault is sealed under a key that is not in the key file");
  }
  const unsigned char* nonce = bytes_of(sealed) + 1 + id.size();
  const auto ciphertext = sealed.substr(kOverhead - kTagBytes, sealed.size() - kOverhead);
  std::array<unsigned char, kTagBytes> tag{};
  std::memcpy(tag.data(), sealed.data() + sealed.size() - kTagBytes, kTagBytes);

  plain.resize(ciphertext.size());
  EVP_CIPHER_CTX* context = impl_->opener(*key);
  if (context == nullptr || !set_nonce(context, nonce) || !update(context, nullptr, bound_to) ||
      !update(context, bytes_of(plain), ciphertext) ||
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, kTagBytes, tag.data()) != 1) {
    tongs::wipe(plain);
    return refused();
  }
  if (!finish(context)) {
    tongs::wipe(plain);
    return Error(
        Errc::storage_failed,
        "a row of the vault does not open: it was changed, moved to another place, or its key is wrong");
  }
  return {};
}

}  // namespace tongs::vault
