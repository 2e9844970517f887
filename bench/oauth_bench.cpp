// What a token by OAuth costs above a server of ours that reads the same request and answers the same bytes
// at once: the server on one core, the load on another. Rounds of all alternate; the median counts. Exit
// status 1 if an answer was not 200, or if the platform was asked more than once.

#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/metrics.hpp"
#include "gateway/oauth/credentials.hpp"
#include "gateway/oauth/server.hpp"
#include "ingress/load_generator.hpp"
#include "pinned_listener.hpp"

namespace {

using namespace tongs;
using bench::median;
using bench::must;
using bench::PinnedListener;

constexpr int kRounds = 5;
constexpr std::chrono::seconds kRound{1};
constexpr std::size_t kConnections = 64, kTokenBytes = 2000, kLargestForm = 64 * 1024;

/// The platform, as far as it is asked here.
class Platform final : public AsyncTransport {
 public:
  Task<Result<HttpResponse>> send(HttpRequest, MonoTime) override {
    ++asked;
    co_return HttpResponse{
        .status = 200,
        .headers = {},
        .body = R"({"data":{"offlineUserAuthToken":{"success":true,"errors":null,"authToken":{"token":")" +
                std::string(kTokenBytes, 'u') + R"(","ttl":3600}}}})"};
  }
  int asked = 0;
};

net::Task<> answer_at_once(net::Exchange& exchange, std::string body) {
  auto form = co_await exchange.read_whole_body(kLargestForm);
  net::Response answer = net::Response::json(200, std::move(body));
  answer.headers.add("Cache-Control", "no-store").add("Pragma", "no-cache");
  if (form) (void)co_await exchange.respond(std::move(answer));
}

std::string post(const std::string& form) {
  return "POST /oauth2/token HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
         "application/x-www-form-urlencoded\r\n"
         "Content-Length: " +
         std::to_string(form.size()) + "\r\n\r\n" + form;
}

struct Measured {
  std::vector<double> per_second, cpu_us;
};

void measure(PinnedListener& listener, const std::string& request, Measured& into) {
  bench::LoadGenerator load(listener.port, kConnections, {request}, ~std::uint64_t{0});
  (void)load.run(kRound / 5);
  const double before = listener.cpu_seconds();
  const bench::Tally tally = load.run(kRound);
  const auto answers = static_cast<double>(tally.answers());
  must(tally.good > 0 && tally.refused == 0 && tally.broken == 0, "a request was not answered with 200");
  into.per_second.push_back(answers / std::chrono::duration<double>(tally.time).count());
  into.cpu_us.push_back(1e6 * (listener.cpu_seconds() - before) / answers);
}

void report(const char* name, const Measured& measured, double bare_us) {
  const double us = median(measured.cpu_us);
  std::printf("%-20s %10.0f/s %8.1f us CPU %6.2f x bare\n", name, median(measured.per_second), us,
              us / bare_us);
}

}  // namespace

int main() {
  const WallTime now = Clock::system()->wall_now();
  const auto id = InstallationId::parse("0a3a7799-53ae-4a5b-9e7e-03338980abb5").value();
  std::shared_ptr<vault::Vault> vault = vault::Vault::open({.url = "memory:"}).value();
  vault->put({.id = id,
              .app = AppId::parse("8db33809-1f32-48bb-8c52-5877dab48107").value(),
              .context = ContextAri::parse("ari:cloud:jira::site/c-1").value(),
              .api_base_url = "https://api.atlassian.com/ex/jira/c-1"});
  must(vault->offer_system_token(id, Secret(std::string(kTokenBytes, 's')), now + std::chrono::hours(2), now)
           .has_value(),
       "no system token");
  auto client = gateway::oauth::make_client(id, {}, now).value();
  const std::string proof =
      "&client_id=" + client.record.id + "&client_secret=" + std::string(client.secret.reveal());
  must(vault->put_oauth_client(std::move(client.record)).has_value(), "no client");

  const auto platform = std::make_shared<Platform>();
  metrics::Registry registry;
  gateway::SourceMetrics source_metrics(registry);
  gateway::Departures departures;
  std::unique_ptr<gateway::SourceChain> chain;
  std::unique_ptr<gateway::UserTokenLimit> limit;
  std::unique_ptr<gateway::Broker> broker;
  std::unique_ptr<gateway::oauth::Server> oauth;
  PinnedListener tokens(0, [&](net::Reactor& reactor) -> net::Handler {
    chain =
        std::make_unique<gateway::SourceChain>(reactor, std::vector<std::unique_ptr<gateway::ActiveSource>>{},
                                               source_metrics, gateway::ChainOptions{});
    limit = std::make_unique<gateway::UserTokenLimit>(reactor, 1000, registry);
    broker = std::make_unique<gateway::Broker>(reactor, gateway::BrokerOptions{}, vault, platform, *chain,
                                               departures, *limit, source_metrics);
    oauth = std::make_unique<gateway::oauth::Server>(
        net::LocalGuard(net::ListenAddress::parse("127.0.0.1:7073").value(), {}),
        gateway::oauth::Issuer(detail::parse_url("http://127.0.0.1:7073").value()), *broker, registry,
        gateway::no_audit_log());
    return [&](net::Exchange& exchange) { return oauth->handle(exchange); };
  });
  const std::string bytes = R"({"access_token":")" + std::string(kTokenBytes, 's') +
                            R"(","token_type":"Bearer","expires_in":7200})" + "\n";
  PinnedListener bare(0, [&](net::Reactor&) -> net::Handler {
    return [&](net::Exchange& exchange) { return answer_at_once(exchange, bytes); };
  });

  bench::pin_to(1);
  const std::string app = post("grant_type=client_credentials" + proof);
  const std::string user = post(
      "grant_type=urn:ietf:params:oauth:grant-type:token-exchange&subject_token=557058:absent&subject_token_"
      "type="
      "urn:tongs:params:oauth:token-type:account-id" +
      proof);
  Measured of_bare, of_app, of_user;
  for (int round = 0; round < kRounds; ++round) {
    measure(bare, app, of_bare);
    measure(tokens, app, of_app);
    measure(tokens, user, of_user);
  }
  const double bare_us = median(of_bare.cpu_us);
  report("bare server", of_bare, bare_us);
  report("client_credentials", of_app, bare_us);
  report("token exchange", of_user, bare_us);
  must(platform->asked == 1, "the platform was asked more than once");
  return 0;
}
