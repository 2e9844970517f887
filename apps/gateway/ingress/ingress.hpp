#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <tongs/fit.hpp>

#include "common/net/client.hpp"
#include "common/net/server.hpp"
#include "common/net/transport.hpp"
#include "gateway/broker/capture.hpp"
#include "gateway/ingress/forward_rules.hpp"
#include "gateway/ingress/key_hub.hpp"
#include "gateway/metrics.hpp"

namespace tongs::gateway {

struct IngressOptions {
  AppId app;
  net::Endpoint backend;  ///< where verified requests go; its path stands in front of theirs
  FitPolicy policy;
  ForwardRules forward;
  std::chrono::milliseconds backend_time{25000};  ///< until the head of the backend's answer (contract 1.2.1)
  std::chrono::milliseconds key_time{5000};       ///< until a key must be known
};

/// The front door: lets in what Forge signed, and nothing else. One per worker.
/// Thread safety: none; lives in its worker's reactor.
class Ingress {
 public:
  Ingress(net::Reactor& reactor, const IngressOptions& options, KeyHub& keys, const Capture& capture,
          IngressMetrics& metrics, net::ClientLimits limits,
          std::shared_ptr<const Clock> clock = Clock::system());

  net::Task<> handle(net::Exchange& exchange);

 private:
  net::Task<Result<VerifiedInvocation>> verify(const net::RequestHead& request);
  net::Task<> answer_verify(net::Exchange& exchange, const VerifiedInvocation& invocation);
  net::Task<> forward(net::Exchange& exchange, const VerifiedInvocation& invocation);
  net::Task<Result<net::Call>> ask_backend(net::Exchange& exchange, std::string_view header_lines);

  const IngressOptions& options_;
  KeyHub& keys_;
  const Capture& capture_;
  IngressMetrics& metrics_;
  net::Client client_;
  std::shared_ptr<const Clock> clock_;
  std::uint64_t random_;
};

}  // namespace tongs::gateway
