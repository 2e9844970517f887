#include "curl/curl_error.hpp"

#include <curl/curl.h>

namespace tongs::detail {

Error explain_curl(int code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return {Errc::transport_failed, "resolve: the name of the host could not be resolved"};
    case CURLE_COULDNT_RESOLVE_PROXY:
      return {Errc::transport_failed, "resolve: the name of the proxy could not be resolved"};
    case CURLE_COULDNT_CONNECT:
      return {Errc::transport_failed, "connect: the peer refused the connection or could not be reached"};
    case CURLE_OPERATION_TIMEDOUT:
      return {Errc::transport_failed, "connect: there was no connection within the connect timeout"};
    case CURLE_PROXY:
      return {Errc::transport_failed, "connect: the proxy refused to connect"};
    case CURLE_PEER_FAILED_VERIFICATION:
      return {Errc::transport_failed,
              "tls: the peer's certificate does not prove its name; check the CA file and the clock"};
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_USE_SSL_FAILED:
      return {Errc::transport_failed, "tls: the handshake failed"};
    case CURLE_SEND_ERROR:
      return {Errc::transport_failed, "send: the connection broke while the request was sent"};
    case CURLE_ABORTED_BY_CALLBACK:
      return {Errc::transport_failed,
              "send: the kept connection broke, and the request may not be sent twice: it is not known "
              "whether it "
              "was carried out"};
    case CURLE_GOT_NOTHING:
      return {Errc::transport_failed, "receive: the peer closed the connection without an answer"};
    case CURLE_RECV_ERROR:
    case CURLE_PARTIAL_FILE:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return {Errc::transport_failed, "receive: the connection broke before the answer was complete"};
    case CURLE_FILESIZE_EXCEEDED:
      return {Errc::malformed_response, "receive: the answer is larger than the limit"};
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return {Errc::malformed_response, "receive: the answer is not HTTP"};
    case CURLE_BAD_CONTENT_ENCODING:
      return {Errc::malformed_response, "receive: the answer could not be decompressed"};
    case CURLE_URL_MALFORMAT:
      return {Errc::invalid_argument, "the URL cannot be used"};
    case CURLE_OUT_OF_MEMORY:
      return {Errc::internal, "not enough memory for a transfer"};
    default:
      return {Errc::transport_failed, "the transfer failed for a reason that libcurl does not explain"};
  }
}

}  // namespace tongs::detail
