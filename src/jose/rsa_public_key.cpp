#include "jose/rsa_public_key.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <optional>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>

namespace tongs::jose {

void EvpPkeyFree::operator()(evp_pkey_st* key) const noexcept { EVP_PKEY_free(key); }

namespace {

template <auto Free>
struct FreedBy {
  template <class T>
  void operator()(T* pointer) const noexcept {
    Free(pointer);
  }
};
using BnPtr = std::unique_ptr<BIGNUM, FreedBy<BN_free>>;
using MdPtr = std::unique_ptr<EVP_MD, FreedBy<EVP_MD_free>>;
using MdCtxPtr = std::unique_ptr<EVP_MD_CTX, FreedBy<EVP_MD_CTX_free>>;
using PkeyCtxPtr = std::unique_ptr<EVP_PKEY_CTX, FreedBy<EVP_PKEY_CTX_free>>;
using ParamBuilderPtr = std::unique_ptr<OSSL_PARAM_BLD, FreedBy<OSSL_PARAM_BLD_free>>;
using ParamsPtr = std::unique_ptr<OSSL_PARAM, FreedBy<OSSL_PARAM_free>>;

const unsigned char* bytes_of(std::string_view text) noexcept {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string_view without_leading_zeros(std::string_view number) noexcept {
  return number.substr(std::min(number.find_first_not_of('\0'), number.size()));
}

std::size_t bits_of(std::string_view number) noexcept {
  if (number.empty()) return 0;
  return (number.size() - 1) * 8 + static_cast<std::size_t>(std::bit_width(*bytes_of(number)));
}

bool is_odd(std::string_view number) noexcept { return !number.empty() && (number.back() & 1) != 0; }

bool is_usable(std::string_view modulus, std::string_view exponent) noexcept {
  const std::size_t bits = bits_of(modulus), exponent_bits = bits_of(exponent);
  return bits >= RsaPublicKey::kMinBits && bits <= RsaPublicKey::kMaxBits && is_odd(modulus) &&
         exponent_bits >= 2 && exponent_bits <= 32 && is_odd(exponent);
}

EvpPkeyPtr make_key(std::string_view modulus, std::string_view exponent) {
  const BnPtr n(BN_bin2bn(bytes_of(modulus), static_cast<int>(modulus.size()), nullptr));
  const BnPtr e(BN_bin2bn(bytes_of(exponent), static_cast<int>(exponent.size()), nullptr));
  const ParamBuilderPtr builder(OSSL_PARAM_BLD_new());
  if (!n || !e || !builder || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1) {
    return nullptr;
  }
  const ParamsPtr params(OSSL_PARAM_BLD_to_param(builder.get()));
  const PkeyCtxPtr context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
  EVP_PKEY* key = nullptr;
  if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) {
    return nullptr;
  }
  return EvpPkeyPtr(key);
}

/// What one thread keeps between verifications.
class ThreadContexts {
 public:
  using Digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

  std::optional<Digest> sha256(std::string_view input) noexcept {
    Digest digest;
    if (!sha256_ || !hasher_ || EVP_DigestInit_ex2(hasher_.get(), sha256_.get(), nullptr) != 1 ||
        EVP_DigestUpdate(hasher_.get(), input.data(), input.size()) != 1 ||
        EVP_DigestFinal_ex(hasher_.get(), digest.data(), nullptr) != 1) {
      return std::nullopt;
    }
    return digest;
  }

  /// A context ready to verify RS256 with `key`, or null. The address identifies the key: a kept context
  /// holds a reference, so no other key can have come to live there.
  EVP_PKEY_CTX* for_key(EVP_PKEY* key) noexcept {
    for (Slot& slot : slots_) {
      if (slot.key == key) return slot.context.get();
    }
    PkeyCtxPtr context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
    if (!sha256_ || !context || EVP_PKEY_verify_init(context.get()) != 1 ||
        EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) != 1 ||
        EVP_PKEY_CTX_set_signature_md(context.get(), sha256_.get()) != 1) {
      return nullptr;
    }
    Slot& slot = slots_[next_++ % slots_.size()];
    slot = {key, std::move(context)};
    return slot.context.get();
  }

 private:
  struct Slot {
    const EVP_PKEY* key = nullptr;
    PkeyCtxPtr context;
  };

  MdPtr sha256_{EVP_MD_fetch(nullptr, "SHA256", nullptr)};
  MdCtxPtr hasher_{EVP_MD_CTX_new()};
  std::array<Slot, 8> slots_;  // Forge publishes six keys (contract 2.1.3)
  std::size_t next_ = 0;
};

}  // namespace

Result<std::shared_ptr<const RsaPublicKey>> RsaPublicKey::create(std::string_view modulus,
                                                                 std::string_view exponent) {
  modulus = without_leading_zeros(modulus);
  exponent = without_leading_zeros(exponent);
  if (!is_usable(modulus, exponent)) {
    return Error(Errc::invalid_argument,
                 "an RSA key has an odd modulus of 2048 to 8192 bits and an odd exponent from 3 to 2^32-1");
  }
  EvpPkeyPtr key = make_key(modulus, exponent);
  if (!key) return Error(Errc::internal, "OpenSSL could not make an RSA key");
  return std::shared_ptr<const RsaPublicKey>(new RsaPublicKey(std::move(key)));
}

Result<void> RsaPublicKey::verify_rs256(std::string_view input, std::string_view signature) const {
  thread_local ThreadContexts contexts;
  ERR_set_mark();  // a refused signature leaves no trace in the queue that TLS on this thread reads
  const auto digest = contexts.sha256(input);
  EVP_PKEY_CTX* const context = contexts.for_key(key_.get());
  const bool ready = digest && context != nullptr;
  const bool genuine = ready && EVP_PKEY_verify(context, bytes_of(signature), signature.size(),
                                                digest->data(), digest->size()) == 1;
  ERR_pop_to_mark();
  if (!ready) return Error(Errc::internal, "OpenSSL could not prepare an RS256 verification");
  if (!genuine)
    return Error(Errc::signature_invalid, "the signature is not one of the key that the token names");
  return {};
}

bool operator==(const RsaPublicKey& a, const RsaPublicKey& b) noexcept {
  return EVP_PKEY_eq(a.key_.get(), b.key_.get()) == 1;
}

}  // namespace tongs::jose
