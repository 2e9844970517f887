#pragma once
#include <string>
#include <string_view>

#include <tongs/result.hpp>

#include "common/net/peer_certificate.hpp"

namespace tongs::gateway::oauth {

// One name that a certificate must have to prove a client (RFC 8705 2.1.2), and not the certificate itself,
// which is renewed: `dns:backend.example.com` and `uri:spiffe://example.com/billing` stand in its
// subjectAltName, `subject:CN=billing,O=Example` is what `openssl x509 -subject -nameopt RFC2253` says.

/// The name as it is kept. Errors: invalid_argument (it is none).
Result<std::string> certificate_name(std::string_view text);

/// Precondition: `name` is kept so. A wildcard stands for nobody but itself.
bool has_name(const net::PeerCertificate& certificate, std::string_view name);

/// Every name of a certificate, for a log.
std::string names_of(const net::PeerCertificate& certificate);

}  // namespace tongs::gateway::oauth
