#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <tongs/curl_transport.hpp>

#include "support/loopback_server.hpp"

namespace tongs {
namespace {

using test::Connection;
using test::LoopbackServer;

template <auto Free>
struct With {
  template <class T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, With<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, With<X509_free>>;
using Context = std::unique_ptr<SSL_CTX, With<SSL_CTX_free>>;
using Session = std::unique_ptr<SSL, With<SSL_free>>;

/// A certificate that signs itself, for `name`.
Certificate self_signed(EVP_PKEY* key, const std::string& name) {
  Certificate certificate(X509_new());
  X509* const x = certificate.get();
  X509_set_version(x, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
  X509_gmtime_adj(X509_getm_notBefore(x), -3600);
  X509_gmtime_adj(X509_getm_notAfter(x), 3600);
  X509_set_pubkey(x, key);
  const auto* common_name = reinterpret_cast<const unsigned char*>("tongs test");
  X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC, common_name, -1, -1, 0);
  X509_set_issuer_name(x, X509_get_subject_name(x));
  using Extension = std::unique_ptr<X509_EXTENSION, With<X509_EXTENSION_free>>;
  const Extension names(X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, name.c_str()));
  X509_add_ext(x, names.get(), -1);
  X509_sign(x, key, EVP_sha256());
  return certificate;
}

/// A server that answers one request per connection over TLS.
class TlsServer {
 public:
  explicit TlsServer(const std::string& name)
      : key_(EVP_EC_gen("P-256")),
        certificate_(self_signed(key_.get(), name)),
        context_(SSL_CTX_new(TLS_server_method())) {
    SSL_CTX_use_certificate(context_.get(), certificate_.get());
    SSL_CTX_use_PrivateKey(context_.get(), key_.get());
    std::unique_ptr<std::FILE, With<std::fclose>> file(std::fopen(ca_file_.c_str(), "we"));
    PEM_write_X509(file.get(), certificate_.get());
  }
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;
  ~TlsServer() { std::filesystem::remove(ca_file_); }

  std::string url() const { return "https://127.0.0.1:" + std::to_string(server_.port()) + "/"; }
  const std::string& ca_file() const { return ca_file_; }
  int requests() const { return requests_; }
  SSL_CTX* context() const { return context_.get(); }

 private:
  void serve(Connection& peer) {
    sigset_t broken_pipe;  // OpenSSL writes without MSG_NOSIGNAL; libcurl's own threads must not need this
    sigemptyset(&broken_pipe);
    sigaddset(&broken_pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
    const Session session(SSL_new(context_.get()));
    SSL_set_fd(session.get(), peer.socket());
    if (SSL_accept(session.get()) != 1) return;
    std::string head;
    for (char c = 0; head.find("\r\n\r\n") == std::string::npos && SSL_read(session.get(), &c, 1) == 1;)
      head += c;
    if (head.empty()) return;
    ++requests_;
    const std::string_view answer = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecure";
    SSL_write(session.get(), answer.data(), static_cast<int>(answer.size()));
    SSL_shutdown(session.get());
  }

  std::string ca_file_ =
      std::filesystem::temp_directory_path() / ("tongs-tls-" + std::to_string(::getpid()) + ".pem");
  std::atomic<int> requests_ = 0;
  Key key_;
  Certificate certificate_;
  Context context_;
  LoopbackServer server_{[this](Connection& peer) { serve(peer); }};
};

Result<HttpResponse> call(const TlsServer& server, CurlOptions options) {
  return (*CurlTransport::create(std::move(options)))
      ->send({.url = server.url(), .headers = {{"authorization", "Bearer t", true}}}, {});
}

TEST(CurlTls, AnAuthorityThatIsTrustedProvesThePeer) {
  const TlsServer server("IP:127.0.0.1");
  const auto answer = call(server, {.ca_file = server.ca_file()});
  ASSERT_TRUE(answer) << answer.error().message();
  EXPECT_EQ(answer->body, "secure");
}

TEST(CurlTls, APeerThatNobodyVouchesForSeesNoRequest) {
  const TlsServer server("IP:127.0.0.1");
  const auto answer = call(server, {});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code(), Errc::transport_failed);
  EXPECT_TRUE(answer.error().message().starts_with("tls:")) << answer.error().message();
  EXPECT_EQ(server.requests(), 0);
}

TEST(CurlTls, ACertificateForAnotherNameIsNoProof) {
  const TlsServer server("DNS:api.example.com");
  const auto answer = call(server, {.ca_file = server.ca_file()});
  ASSERT_FALSE(answer);
  EXPECT_TRUE(answer.error().message().starts_with("tls:")) << answer.error().message();
  EXPECT_EQ(server.requests(), 0);
}

TEST(CurlTls, OldProtocolsAreRefused) {
  const TlsServer server("IP:127.0.0.1");
  SSL_CTX_set_min_proto_version(server.context(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(server.context(), TLS1_1_VERSION);
  SSL_CTX_set_security_level(server.context(), 0);
  const auto answer = call(server, {.ca_file = server.ca_file()});
  ASSERT_FALSE(answer);
  EXPECT_TRUE(answer.error().message().starts_with("tls:")) << answer.error().message();
}

}  // namespace
}  // namespace tongs
