#pragma once
#include <memory>
#include <mutex>
#include <optional>

#include <tongs/http.hpp>

#include "common/net/client.hpp"
#include "common/net/reactor.hpp"
#include "common/net/transport.hpp"

namespace tongs::net {

/// A Client for programs that wait: one call after the other, over connections that stay open in between.
/// Thread safety: any; calls of several threads wait for each other.
class BlockingTransport final : public Transport {
 public:
  /// Answers longer than `max_bytes` are malformed.
  BlockingTransport(Ways ways, std::size_t max_bytes);

  Result<HttpResponse> send(const HttpRequest& request, const CallOptions& call) const override;

 private:
  Task<> ask(const HttpRequest& request, Steady::time_point deadline,
             std::optional<Result<HttpResponse>>& answer) const;

  mutable std::mutex one_call_;
  mutable Reactor reactor_;
  mutable Client client_;
  mutable ClientTransport transport_;
};

}  // namespace tongs::net
