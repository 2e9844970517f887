#include "common/net/tls.hpp"

#include <algorithm>
#include <string_view>

#include <boost/asio/ssl/context.hpp>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "common/net/peer_certificate.hpp"

namespace tongs::net {

namespace {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;

TlsContext context_for(ssl::context::method method) {
  auto context = std::make_shared<ssl::context>(method);
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  return context;
}

/// RFC 7301 3.2: a client that names protocols, and not this one, is refused.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                    unsigned int offered_size, void*) {
  static constexpr unsigned char http11[] = "\x08http/1.1";
  unsigned char* found = nullptr;
  const int outcome = SSL_select_next_proto(&found, size, http11, sizeof http11 - 1, offered, offered_size);
  *chosen = found;
  return outcome == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

/// In place of OpenSSL's own answer, which is to ask on the terminal.
int no_password(char*, int, int, void*) { return -1; }

struct FreeBio {
  void operator()(BIO* bio) const noexcept { BIO_free(bio); }
};
struct FreeKey {
  void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;

Key read_key(std::string_view pem) {
  const std::unique_ptr<BIO, FreeBio> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return Key(bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr) : nullptr);
}

}  // namespace

Result<TlsContext> verifying_tls(const std::string& ca_file) {
  auto context = context_for(ssl::context::tls_client);
  error_code failed;
  if (ca_file.empty()) {
    context->set_default_verify_paths(failed);
    if (failed) return Error(Errc::internal, "the system's certificate authorities cannot be loaded");
  } else {
    context->load_verify_file(ca_file, failed);
    if (failed) {
      return Error(Errc::invalid_argument,
                   "the file of certificate authorities cannot be read or holds none");
    }
  }
  return context;
}

Result<TlsContext> serving_tls(const std::string& file) {
  auto context = context_for(ssl::context::tls_server);
  SSL_CTX* const tls = context->native_handle();
  SSL_CTX_set_options(tls, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_alpn_select_cb(tls, choose_protocol, nullptr);
  error_code failed;
  context->use_certificate_chain_file(file, failed);
  if (failed) {
    return Error(Errc::invalid_argument,
                 "the file cannot be read, holds no certificate in PEM, or one with too weak a key");
  }
  return context;
}

Result<void> use_key(ssl::context& tls, const Secret& pem) {
  const Key key = read_key(pem.reveal());
  if (!key) return Error(Errc::invalid_argument, "the file holds no private key in PEM, or an encrypted one");
  SSL_CTX* const context = tls.native_handle();
  if (X509_check_private_key(SSL_CTX_get0_certificate(context), key.get()) != 1) {
    return Error(Errc::invalid_argument, "the private key belongs to another certificate");
  }
  if (SSL_CTX_use_PrivateKey(context, key.get()) != 1) {
    return Error(Errc::invalid_argument, "the private key cannot be used for TLS");
  }
  return {};
}

Result<void> ask_for_certificates(ssl::context& tls, const std::string& file, ClientCertificates wanted) {
  error_code failed;
  tls.load_verify_file(file, failed);
  if (failed) {
    return Error(Errc::invalid_argument, "the file of certificate authorities cannot be read or holds none");
  }
  SSL_CTX* const context = tls.native_handle();
  const int must = wanted == ClientCertificates::required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0;
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | must, nullptr);
  constexpr std::string_view name = "tongs";  // without one, OpenSSL refuses to resume such a session
  SSL_CTX_set_session_id_context(context, reinterpret_cast<const unsigned char*>(name.data()),
                                 static_cast<unsigned>(name.size()));
  return {};
}

std::chrono::sys_seconds certificates_end(ssl::context& tls) {
  SSL_CTX* const context = tls.native_handle();
  auto end = end_of(*SSL_CTX_get0_certificate(context));
  STACK_OF(X509)* others = nullptr;
  SSL_CTX_get0_chain_certs(context, static_cast<void*>(&others));
  for (int i = 0; i < sk_X509_num(others); ++i) end = std::min(end, end_of(*sk_X509_value(others, i)));
  return end;
}

}  // namespace tongs::net
