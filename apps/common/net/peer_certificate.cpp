#include "common/net/peer_certificate.hpp"

#include <algorithm>
#include <ctime>
#include <string_view>

#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "http/ascii.hpp"

namespace tongs::net {

namespace {

struct FreeBio {
  void operator()(BIO* bio) const noexcept { BIO_free(bio); }
};
struct FreeNames {
  void operator()(GENERAL_NAMES* names) const noexcept { GENERAL_NAMES_free(names); }
};

std::string subject_of(const X509& certificate) {
  const std::unique_ptr<BIO, FreeBio> text(BIO_new(BIO_s_mem()));
  if (!text || X509_NAME_print_ex(text.get(), X509_get_subject_name(&certificate), 0, XN_FLAG_RFC2253) < 0) {
    return {};
  }
  char* data = nullptr;
  const long size = BIO_get_mem_data(text.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

bool is_printable(std::string_view text) noexcept {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

/// To the end of `names`, if it is one.
void take(std::vector<std::string>& names, const ASN1_STRING& name, bool any_case) {
  const std::string_view text(reinterpret_cast<const char*>(ASN1_STRING_get0_data(&name)),
                              static_cast<std::size_t>(ASN1_STRING_length(&name)));
  if (is_printable(text)) names.push_back(any_case ? detail::to_lower(text) : std::string(text));
}

}  // namespace

std::chrono::sys_seconds end_of(const X509& certificate) {
  std::tm end{};
  ASN1_TIME_to_tm(X509_get0_notAfter(&certificate), &end);
  return std::chrono::sys_seconds(std::chrono::seconds(::timegm(&end)));
}

PeerCertificate read_certificate(const X509& certificate) {
  PeerCertificate read{.subject = subject_of(certificate), .ends_at = end_of(certificate)};
  const std::unique_ptr<GENERAL_NAMES, FreeNames> names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* const name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type == GEN_DNS) take(read.dns_names, *name->d.dNSName, true);
    if (name->type == GEN_URI) take(read.uris, *name->d.uniformResourceIdentifier, false);
  }
  return read;
}

std::shared_ptr<const PeerCertificate> certificate_of_peer(const SSL& connection) {
  const X509* const shown = SSL_get0_peer_certificate(&connection);
  if (shown == nullptr || SSL_get_verify_result(&connection) != X509_V_OK) return nullptr;
  return std::make_shared<const PeerCertificate>(read_certificate(*shown));
}

}  // namespace tongs::net
