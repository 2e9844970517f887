#pragma once
#include <memory>
#include <string>

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace tongs::test {

template <auto Free>
struct With {
  template <class T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};

/// A key, and a certificate for it that is good for an hour.
class Identity {
 public:
  /// Whom the certificate is for.
  struct Holder {
    std::string common_name = "tongs test";
    std::string names = "IP:127.0.0.1";  ///< `IP:…` or `DNS:…`, with commas between them
    const Identity* issuer = nullptr;    ///< null: it signs itself
    bool authority = false;              ///< may it sign others?
    long seconds = 3600;                 ///< until it ends
  };

  Identity() : Identity(Holder{}) {}
  explicit Identity(const Holder& holder) : key_(EVP_EC_gen("P-256")), certificate_(X509_new()) {
    X509* const x = certificate_.get();
    const X509* const issuer = holder.issuer ? holder.issuer->certificate() : x;
    X509_set_version(x, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
    X509_gmtime_adj(X509_getm_notBefore(x), -7200);
    X509_gmtime_adj(X509_getm_notAfter(x), holder.seconds);
    X509_set_pubkey(x, key_.get());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(holder.common_name.c_str()), -1, -1, 0);
    X509_set_issuer_name(x, X509_get_subject_name(issuer));
    extend(NID_subject_alt_name, holder.names);
    if (holder.authority) extend(NID_basic_constraints, "critical,CA:TRUE");
    X509_sign(x, holder.issuer ? holder.issuer->key() : key_.get(), EVP_sha256());
  }

  X509* certificate() const { return certificate_.get(); }
  EVP_PKEY* key() const { return key_.get(); }

  std::string certificate_pem() const {
    return pem([&](BIO* bio) { PEM_write_bio_X509(bio, certificate()); });
  }
  /// `password`: empty: not encrypted.
  std::string key_pem(const std::string& password = {}) const {
    return pem([&](BIO* bio) {
      PEM_write_bio_PKCS8PrivateKey(bio, key(), password.empty() ? nullptr : EVP_aes_128_cbc(),
                                    password.data(), static_cast<int>(password.size()), nullptr, nullptr);
    });
  }

 private:
  void extend(int what, const std::string& value) {
    using Extension = std::unique_ptr<X509_EXTENSION, With<X509_EXTENSION_free>>;
    const Extension extension(X509V3_EXT_conf_nid(nullptr, nullptr, what, value.c_str()));
    X509_add_ext(certificate(), extension.get(), -1);
  }

  template <class Write>
  static std::string pem(Write write) {
    const std::unique_ptr<BIO, With<BIO_free>> bio(BIO_new(BIO_s_mem()));
    write(bio.get());
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
  }

  std::unique_ptr<EVP_PKEY, With<EVP_PKEY_free>> key_;
  std::unique_ptr<X509, With<X509_free>> certificate_;
};

}  // namespace tongs::test
