#pragma once
#include <memory>

#include <tongs/result.hpp>

#include "common/net/server.hpp"
#include "gateway/config.hpp"

namespace tongs::gateway {

/// How connections to the ingress begin. Its certificate and key are read, and checked to belong together;
/// what is unwise about them, a log says. Errors: invalid_argument, not_found, storage_failed (one of the
/// files is not what it should be), with setting, file and what is wrong.
Result<std::shared_ptr<const net::Entrance>> open_entrance(const IngressConfig& ingress);

}  // namespace tongs::gateway
