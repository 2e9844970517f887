#pragma once
#include <string>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "common/net/read.hpp"
#include "common/net/tls_stream.hpp"

namespace tongs::net {

/// What became of a step on the way to a connection's first request.
struct Step {
  Read outcome = Read::done;
  std::string why = {};     ///< it was refused; safe to log
  bool plain_http = false;  ///< it was, because a request came where TLS was to begin
};

/// The server's side of a TLS handshake. A peer who leaves without a word, as those do who only look whether
/// somebody listens, is cut short and not refused.
template <class Protocol>
Task<Step> shake_hands(TlsStream<Protocol>& stream) {
  auto [failed] = co_await stream.async_handshake(asio::ssl::stream_base::server, use_tuple);
  if (!failed) co_return Step{};
  if (failed == asio::error::operation_aborted) co_return Step{Read::stopped};
  if (BIO_number_read(SSL_get_rbio(stream.native_handle())) == 0) co_return Step{Read::cut_short};
  const bool by_openssl = failed.category() == asio::error::get_ssl_category();
  const bool plain_http =
      by_openssl && ERR_GET_REASON(static_cast<unsigned long>(failed.value())) == SSL_R_HTTP_REQUEST;
  co_return Step{Read::refused, failed.message(), plain_http};
}

}  // namespace tongs::net
