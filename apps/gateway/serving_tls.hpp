#pragma once
#include <memory>
#include <string_view>

#include <tongs/result.hpp>

#include "common/net/server.hpp"
#include "common/net/tls.hpp"
#include "gateway/config.hpp"

namespace tongs::gateway {

/// The certificate that a listener shows. `section`: of its settings `tls_certificate` and `tls_key`. A key
/// that others can read and a certificate that has ended are said in the log. Errors: as
/// `net::serving_tls` and `net::use_key`; not_found, storage_failed (the key cannot be read).
Result<net::TlsContext> open_tls(std::string_view section, const TlsFiles& files);

/// How the connections of a listener begin: without TLS, or with. What clients must show, if it has their
/// authorities: `wanted`. Errors: as `open_tls`, and invalid_argument (`tls_client_ca` holds no certificate).
Result<std::shared_ptr<const net::Entrance>> open_entrance(std::string_view section,
                                                           const TlsListenerConfig& listener,
                                                           net::ClientCertificates wanted);

}  // namespace tongs::gateway
