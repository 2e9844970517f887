#pragma once
#include <array>
#include <csignal>
#include <memory>
#include <string>
#include <string_view>

#include <openssl/err.h>

#include "support/certificates.hpp"
#include "support/loopback.hpp"

namespace tongs::test {

/// A client of bare OpenSSL: what `openssl s_client` would see. Trusts everybody unless it is told whom.
class TlsPeer {
 public:
  struct Wishes {
    std::string before = {};              ///< goes out first, without TLS
    std::string protocols = {};           ///< of ALPN, as on the wire; empty: none are named
    int newest = 0;                       ///< version; 0: what there is
    bool weak = false;                    ///< take what OpenSSL would not take by itself
    const Identity* authority = nullptr;  ///< who must vouch for the server
    SSL_SESSION* session = nullptr;       ///< to resume
    const Identity* identity = nullptr;   ///< to show if he is asked
  };

  explicit TlsPeer(std::uint16_t port) : TlsPeer(port, Wishes{}) {}
  TlsPeer(std::uint16_t port, const Wishes& wishes) : tcp_(port), context_(SSL_CTX_new(TLS_client_method())) {
    std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL
    tcp_.say(wishes.before);
    if (wishes.weak) SSL_CTX_set_security_level(context_.get(), 0);
    SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context_.get(), wishes.newest);
    if (wishes.authority) {
      X509_STORE_add_cert(SSL_CTX_get_cert_store(context_.get()), wishes.authority->certificate());
      SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
    }
    if (wishes.identity) {
      SSL_CTX_use_certificate(context_.get(), wishes.identity->certificate());
      SSL_CTX_use_PrivateKey(context_.get(), wishes.identity->key());
    }
    session_.reset(SSL_new(context_.get()));
    SSL_set_fd(session_.get(), tcp_.descriptor());
    SSL_set_alpn_protos(session_.get(), reinterpret_cast<const unsigned char*>(wishes.protocols.data()),
                        static_cast<unsigned>(wishes.protocols.size()));
    if (wishes.session) SSL_set_session(session_.get(), wishes.session);
    ERR_clear_error();
    shaken_ = SSL_connect(session_.get()) == 1;
    if (!shaken_) note_error();
  }

  bool shaken() const { return shaken_; }
  /// OpenSSL's words for what went wrong.
  const std::string& why() const { return why_; }
  std::string protocol() const {
    const unsigned char* name = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(session_.get(), &name, &size);
    return {reinterpret_cast<const char*>(name), size};
  }
  /// The common name of the server's certificate.
  std::string server_name() const {
    const std::unique_ptr<X509, With<X509_free>> certificate(SSL_get1_peer_certificate(session_.get()));
    std::array<char, 64> name{};
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate.get()), NID_commonName, name.data(),
                              name.size());
    return name.data();
  }
  SSL* session() const { return session_.get(); }

  TlsPeer& say(std::string_view bytes) {
    while (!bytes.empty()) {
      const int sent = SSL_write(session_.get(), bytes.data(), static_cast<int>(bytes.size()));
      if (sent <= 0) {
        note_error();
        break;
      }
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return *this;
  }
  /// Everything until the other side ends; then `ended_well` says whether it said so.
  std::string hear_all() {
    std::string heard;
    std::array<char, 4096> bytes{};
    int got = 0;
    while ((got = SSL_read(session_.get(), bytes.data(), bytes.size())) > 0) {
      heard.append(bytes.data(), static_cast<std::size_t>(got));
    }
    ended_well_ = SSL_get_error(session_.get(), got) == SSL_ERROR_ZERO_RETURN;
    if (!ended_well_) note_error();
    return heard;
  }
  std::string hear_until(std::string_view end) {
    std::string heard;
    for (char byte = 0; heard.find(end) == std::string::npos && SSL_read(session_.get(), &byte, 1) == 1;) {
      heard += byte;
    }
    return heard;
  }
  bool ended_well() const { return ended_well_; }

 private:
  void note_error() {
    const char* reason = ERR_reason_error_string(ERR_peek_last_error());
    why_ = reason ? reason : "closed";
    ERR_clear_error();
  }

  net::testing::RawPeer tcp_;
  std::unique_ptr<SSL_CTX, With<SSL_CTX_free>> context_;
  std::unique_ptr<SSL, With<SSL_free>> session_;
  bool shaken_ = false;
  bool ended_well_ = false;
  std::string why_;
};

}  // namespace tongs::test
