#pragma once
#include <chrono>
#include <memory>
#include <string>
#include <vector>

struct ssl_st;
struct x509_st;

namespace tongs::net {

/// Whom a certificate is for. Names with anything but printable ASCII in them are left out: nobody could
/// tell them apart by looking.
struct PeerCertificate {
  std::string subject = {};                 ///< as RFC 4514 writes it; escaped, so that it is ASCII too
  std::vector<std::string> dns_names = {};  ///< of its subjectAltName, in small letters
  std::vector<std::string> uris = {};       ///< of its subjectAltName
  std::chrono::sys_seconds ends_at{};
};

PeerCertificate read_certificate(const x509_st& certificate);

/// When a certificate ends.
std::chrono::sys_seconds end_of(const x509_st& certificate);

/// What the peer of a connection showed, if an authority of ours vouched for it when the session began: with
/// a session that was resumed that may be a while ago, so look at `ends_at`. Null: he showed none.
std::shared_ptr<const PeerCertificate> certificate_of_peer(const ssl_st& connection);

}  // namespace tongs::net
