#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/log_sample.hpp"
#include "common/net/client.hpp"
#include "common/net/networks.hpp"
#include "common/net/server.hpp"
#include "gateway/broker/capture.hpp"
#include "gateway/egress/invocations.hpp"
#include "gateway/ingress/access_log.hpp"
#include "gateway/ingress/backends.hpp"
#include "gateway/ingress/cors.hpp"
#include "gateway/ingress/forward_rules.hpp"
#include "gateway/ingress/invocation_verifier.hpp"
#include "gateway/ingress/refusals.hpp"
#include "gateway/ingress/replay_guard.hpp"
#include "gateway/ingress/routes.hpp"
#include "gateway/ingress/trace.hpp"
#include "gateway/metrics.hpp"
#include "gateway/sources/intake.hpp"

namespace tongs::gateway {

/// What the front door goes by. Never changed while in use: a reload brings another one.
struct IngressRules {
  VerifyRules verify;
  Routes routes;
  std::vector<Backend*> backends;  ///< one for each destination of the routes, which outlives its use
  ForwardRules forward = {};
  Cors cors = {};
  net::Networks sources = {};  ///< who may connect; empty: everybody
  bool refuse_replays = false;
};

/// What all workers share. Everything must outlive them.
struct IngressShared {
  const Capture& capture;
  const Intake& intake;
  Invocations& invocations;
  IngressMetrics& metrics;
  ReplayGuard& replays;
  std::shared_ptr<AccessLogFile> access_log;  ///< null: none is kept
  bool personal_access_log = false;
};

/// The front door: lets in what Forge signed, and nothing else. One per worker.
/// Thread safety: none; lives in its worker's reactor.
class Ingress {
 public:
  /// `remembered_tokens`: see InvocationVerifier.
  Ingress(net::Reactor& reactor, const IngressShared& shared, std::shared_ptr<const IngressRules> rules,
          net::ClientLimits limits, std::size_t remembered_tokens);

  net::Task<> handle(net::Exchange& exchange);
  /// Counts and logs what the server refused before it came here.
  void note(const net::Refusal& refusal);

  /// From the next request on.
  void use(std::shared_ptr<const IngressRules> rules);

 private:
  /// A request on its way through the door.
  struct Visit;

  net::Task<> answer(Visit& visit);
  net::Task<> verify(Visit& visit, std::string_view token);
  net::Task<> judge(Visit& visit, Result<std::shared_ptr<const Verdict>> verdict);
  net::Task<> keep_token(Visit& visit, std::string_view system_token);
  net::Task<> let_in(Visit& visit);
  Result<std::shared_ptr<const Verdict>> admit_once(const Visit& visit,
                                                    std::shared_ptr<const Verdict> verdict);
  /// An objection, or the answer to a preflight; nothing if the token decides.
  std::optional<net::Task<>> answer_without_token(Visit& visit);
  net::Task<> receive_push(Visit& visit);
  net::Task<> refuse(Visit& visit, const Error& verdict);
  net::Task<> refuse(Visit& visit, Refusal refusal);
  void log_refusal(std::string_view message, std::string_view reason, std::string_view detail,
                   std::string_view peer);
  net::Task<> forward(Visit& visit);
  net::Task<> learn_and_pass_on(Visit& visit);
  net::Task<> pass_on(Visit& visit);
  net::Task<Result<net::Call>> ask_backend(Visit& visit, const Routes::Choice& backend,
                                           std::string_view header_lines);
  net::Task<Result<net::Call>> ask_with_body(Visit& visit, const Routes::Choice& backend,
                                             net::RequestText text);
  net::Task<> report_failure(Visit& visit, Backend& backend, const Error& error);
  void record(const Visit& visit);

  const IngressShared& shared_;
  std::shared_ptr<const IngressRules> rules_;
  InvocationVerifier verifier_;
  net::Client client_;
  std::optional<AccessLog> access_log_;
  std::map<std::string_view, log::Sample> refusals_;  ///< by reason
  log::Sample failures_;
  std::uint64_t random_;
};

}  // namespace tongs::gateway
