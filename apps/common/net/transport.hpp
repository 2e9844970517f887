#pragma once
#include <cstddef>
#include <string_view>

#include <tongs/asio.hpp>

#include "common/net/client.hpp"

namespace tongs::net {

/// The destination of an absolute URL, and the target to ask for there.
struct Endpoint {
  Destination to;
  std::string target;  ///< path and query
};
/// Errors: invalid_argument.
Result<Endpoint> parse_endpoint(std::string_view url);

/// Carries whole requests to whole answers over a Client.
class ClientTransport final : public AsyncTransport {
 public:
  /// `client` must outlive this. Answers longer than `max_bytes` are malformed.
  ClientTransport(Client& client, std::size_t max_bytes) : client_(client), max_bytes_(max_bytes) {}
  Task<Result<HttpResponse>> send(HttpRequest request, MonoTime deadline) override;

 private:
  Client& client_;
  std::size_t max_bytes_;
};

}  // namespace tongs::net
