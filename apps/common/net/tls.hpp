#pragma once
#include <chrono>
#include <memory>
#include <string>

#include <tongs/result.hpp>
#include <tongs/secret.hpp>

namespace boost::asio::ssl {
class context;
}

namespace tongs::net {

/// What all connections of one kind have in common: who is trusted, or who we are. TLS 1.2 or later. A
/// connection keeps what it needs of it.
using TlsContext = std::shared_ptr<boost::asio::ssl::context>;

/// For a client: verifies peers against `ca_file` (PEM), or the system's authorities if empty.
/// Errors: invalid_argument (the file cannot be read or holds no certificate), internal.
Result<TlsContext> verifying_tls(const std::string& ca_file = {});

/// For a server: shows the certificate in `file` (PEM), with those that vouch for it behind it, and speaks
/// HTTP/1.1 alone (ALPN, RFC 7301). Renegotiates and compresses nothing. Still needs its key.
/// Errors: invalid_argument (the file cannot be read, holds no certificate, or one that is too weak).
Result<TlsContext> serving_tls(const std::string& file);
/// The key of that certificate, in PEM. Errors: invalid_argument (it is none, is encrypted, or belongs to
/// another certificate).
Result<void> use_key(boost::asio::ssl::context& tls, const Secret& pem);
/// Must everybody show a certificate, or may he?
enum class ClientCertificates : bool { optional, required };
/// Lets nobody in who shows a certificate that none of the authorities in `file` (PEM) vouches for now, nor,
/// if it is required, one who shows none. Errors: invalid_argument (the file cannot be read or holds no
/// certificate).
Result<void> ask_for_certificates(boost::asio::ssl::context& tls, const std::string& file,
                                  ClientCertificates wanted);
/// When the first of its certificates ends.
std::chrono::sys_seconds certificates_end(boost::asio::ssl::context& tls);

}  // namespace tongs::net
