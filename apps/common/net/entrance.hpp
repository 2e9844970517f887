#pragma once
#include <array>
#include <string>
#include <string_view>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include "common/net/proxy_protocol.hpp"
#include "common/net/read.hpp"
#include "common/net/server.hpp"
#include "common/net/tls_stream.hpp"

namespace tongs::net {

/// What became of a step on the way to a connection's first request. A peer who leaves without a word, as
/// those do who only look whether somebody listens, is cut short and not refused.
struct Step {
  Read outcome = Read::done;
  std::string why = {};     ///< it was refused; safe to log
  bool plain_http = false;  ///< it was, because a request came where TLS was to begin
};

/// Takes a PROXY header off the socket, and not a byte of what follows it. `peer` becomes who it says, and
/// one who speaks TLS if he does so with the proxy. Precondition: the socket does not block.
template <class Protocol>
Task<Step> take_proxy_header(Socket<Protocol>& socket, Peer& peer) {
  std::array<char, kMaxProxyHeader> bytes;
  for (std::size_t size = 0;;) {
    const asio::mutable_buffer room(bytes.data() + size, bytes.size() - size);
    auto [failed, seen] = co_await socket.async_receive(room, Socket<Protocol>::message_peek, use_tuple);
    if (failed == asio::error::operation_aborted) co_return Step{Read::stopped};
    if (failed && size == 0) co_return Step{Read::cut_short};
    if (failed) co_return Step{Read::refused, "the connection ended in the middle of a PROXY header"};
    auto header = parse_proxy_header({bytes.data(), size + seen});
    if (!header) co_return Step{Read::refused, std::string(header.error().message())};
    const std::size_t ours = *header ? (*header)->size - size : seen;
    size += socket.receive(asio::buffer(room, ours), 0, failed);  // it is there: this does not wait
    if (failed) co_return Step{Read::cut_short};
    if (*header) {
      if (!(*header)->source.empty()) peer.address = std::move((*header)->source);
      peer.tls = peer.tls || (*header)->tls;
      co_return Step{};
    }
  }
}

/// What is wrong with the certificate of the client, where OpenSSL says no more than that something is.
inline std::string complaint(const SSL& connection, const error_code& failed) {
  const long verified = SSL_get_verify_result(&connection);
  if (verified == X509_V_OK) return failed.message();
  return std::string("the client's certificate: ") + X509_verify_cert_error_string(verified);
}

/// The server's side of a TLS handshake.
template <class Protocol>
Task<Step> shake_hands(TlsStream<Protocol>& stream) {
  auto [failed] = co_await stream.async_handshake(asio::ssl::stream_base::server, use_tuple);
  if (!failed) co_return Step{};
  if (failed == asio::error::operation_aborted) co_return Step{Read::stopped};
  if (BIO_number_read(SSL_get_rbio(stream.native_handle())) == 0) co_return Step{Read::cut_short};
  const bool by_openssl = failed.category() == asio::error::get_ssl_category();
  const bool plain_http =
      by_openssl && ERR_GET_REASON(static_cast<unsigned long>(failed.value())) == SSL_R_HTTP_REQUEST;
  co_return Step{Read::refused, complaint(*stream.native_handle(), failed), plain_http};
}

}  // namespace tongs::net
