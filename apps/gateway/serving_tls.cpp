#include "gateway/serving_tls.hpp"

#include <chrono>
#include <string>
#include <system_error>

#include "common/log.hpp"
#include "vault/files.hpp"

namespace tongs::gateway {

namespace {

bool is_open_to_others(const std::filesystem::path& file) {
  using enum std::filesystem::perms;
  std::error_code failed;
  const auto mode = std::filesystem::status(file, failed).permissions();
  return !failed && (mode & (group_all | others_all)) != none;
}

}  // namespace

Result<net::TlsContext> open_tls(std::string_view section, const TlsFiles& files) {
  const std::string certificate = files.certificate.string(), key = files.key.string();
  const auto setting = [&](std::string_view name) {
    return std::string(section).append(1, '.').append(name);
  };
  auto tls = net::serving_tls(certificate);
  if (!tls) return at_setting(setting("tls_certificate"), certificate, std::move(tls).error());
  // Whoever renews certificates decides who can read the key: he is warned, not refused.
  auto keyed = vault::read_private_file(key, vault::Guard::directory).and_then([&](const Secret& pem) {
    return net::use_key(**tls, pem);
  });
  if (!keyed) return at_setting(setting("tls_key"), key, std::move(keyed).error());
  if (is_open_to_others(files.key)) {
    log::warn("the key of a listener's certificate is open to group or others", {{"file", key}});
  }
  if (net::certificates_end(**tls) <= std::chrono::system_clock::now()) {
    log::warn("the certificate of a listener, or one that vouches for it, has expired",
              {{"file", certificate}});
  }
  return tls;
}

Result<std::shared_ptr<const net::Entrance>> open_entrance(std::string_view section,
                                                           const TlsListenerConfig& listener,
                                                           net::ClientCertificates wanted) {
  net::Entrance entrance;
  if (listener.listen && listener.tls) {
    auto tls = open_tls(section, *listener.tls);
    if (!tls) return std::move(tls).error();
    entrance.tls = *std::move(tls);
  }
  if (entrance.tls && !listener.client_authorities.empty()) {
    const std::string file = listener.client_authorities.string();
    auto asked = net::ask_for_certificates(*entrance.tls, file, wanted);
    if (!asked) return at_setting(std::string(section) + ".tls_client_ca", file, std::move(asked).error());
  }
  return std::make_shared<const net::Entrance>(std::move(entrance));
}

}  // namespace tongs::gateway
