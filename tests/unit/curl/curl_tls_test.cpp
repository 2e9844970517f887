#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>

#include <gtest/gtest.h>

#include <tongs/curl_transport.hpp>

#include "support/certificates.hpp"
#include "support/loopback_server.hpp"

namespace tongs {
namespace {

using test::Connection;
using test::LoopbackServer;

using test::Identity;
using test::With;
using Context = std::unique_ptr<SSL_CTX, With<SSL_CTX_free>>;
using Session = std::unique_ptr<SSL, With<SSL_free>>;

/// A server that answers one request per connection over TLS.
class TlsServer {
 public:
  explicit TlsServer(const std::string& name)
      : identity_({.names = name}), context_(SSL_CTX_new(TLS_server_method())) {
    SSL_CTX_use_certificate(context_.get(), identity_.certificate());
    SSL_CTX_use_PrivateKey(context_.get(), identity_.key());
    std::ofstream(ca_file_) << identity_.certificate_pem();
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
  Identity identity_;
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
