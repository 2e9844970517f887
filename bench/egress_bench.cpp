// What a call through the egress costs beside the same call by libcurl: each on one core, the product and the
// load on another, in plain HTTP and in TLS. Rounds of all alternate; the median counts. The egress does more
// for it: it takes the call in, finds caller, token and host, waits for its turn, and gives the answer out.
// Exit status 1 if an answer was not 200.

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/ssl/context.hpp>
#include <curl/curl.h>

#include "common/metrics.hpp"
#include "common/net/entrance.hpp"
#include "gateway/egress/egress.hpp"
#include "ingress/load_generator.hpp"
#include "pinned_listener.hpp"

namespace {

using namespace tongs;
using bench::must;

constexpr int kRounds = 7;
constexpr std::chrono::seconds kRound{1};
constexpr std::size_t kConnections = 64, kTokenBytes = 1600, kAnswerBytes = 2000;
constexpr const char* kPath = "/rest/api/3/issue/PROJ-1?fields=summary";

net::Task<> answer_at_once(net::Exchange& exchange, std::string body) {
  (void)co_await exchange.respond(net::Response::json(200, std::move(body)));
}

/// A key, and a certificate for this machine, in one file that ends with this.
class Certificate {
 public:
  Certificate() {
    must(::mkdtemp(folder_.data()) != nullptr, "no folder for the certificate");
    const std::string make =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=bench "
        "-addext "
        "subjectAltName=IP:127.0.0.1 -keyout " +
        file() + ".key -out " + file() + " 2>/dev/null";
    must(std::system(make.c_str()) == 0, "openssl makes no certificate");
  }
  ~Certificate() { std::filesystem::remove_all(folder_); }
  Certificate(const Certificate&) = delete;
  Certificate& operator=(const Certificate&) = delete;

  std::string file() const { return folder_ + "/certificate.pem"; }
  Secret key() const {
    std::ifstream stream(file() + ".key");
    return Secret(std::string(std::istreambuf_iterator<char>(stream), {}));
  }

 private:
  std::string folder_ = (std::filesystem::temp_directory_path() / "tongs-bench-XXXXXX").string();
};

/// The product, in clear or by TLS.
class Product {
 public:
  Product(const Certificate& certificate, bool tls) : tls_(tls) {
    std::shared_ptr<net::Entrance> entrance;
    if (tls) {
      entrance = std::make_shared<net::Entrance>();
      entrance->tls = net::serving_tls(certificate.file()).value();
      must(net::use_key(*entrance->tls, certificate.key()).has_value(), "no key");
    }
    listener_.emplace(
        1,
        [](net::Reactor&) -> net::Handler {
          return [body = std::string(kAnswerBytes, 'a')](net::Exchange& exchange) {
            return answer_at_once(exchange, body);
          };
        },
        entrance);
  }
  std::string base() const {
    return (tls_ ? "https" : "http") + ("://127.0.0.1:" + std::to_string(listener_->port)) + "/ex/jira/c-1";
  }

 private:
  const bool tls_;
  std::optional<bench::PinnedListener> listener_;
};

/// An egress in front of it, with a vault in memory.
class Side {
 public:
  Side(const std::string& base, const net::TlsContext& tls) {
    const WallTime now = Clock::system()->wall_now();
    vault_->put({.id = id_,
                 .app = AppId::parse("8db33809-1f32-48bb-8c52-5877dab48107").value(),
                 .contexts = {{"jira", base, "c-1", ""}},
                 .api_base_url = base});
    must(
        vault_
            ->offer_system_token(id_, Secret(std::string(kTokenBytes, 's')), now + std::chrono::hours(2), now)
            .has_value(),
        "no system token");
    listener_.emplace(0, [&](net::Reactor& reactor) -> net::Handler {
      chain_ = std::make_unique<gateway::SourceChain>(reactor,
                                                      std::vector<std::unique_ptr<gateway::ActiveSource>>{},
                                                      source_metrics_, gateway::ChainOptions{});
      limit_ = std::make_unique<gateway::UserTokenLimit>(reactor, 0, registry_);
      broker_ = std::make_unique<gateway::Broker>(reactor, gateway::BrokerOptions{}, vault_, nullptr, *chain_,
                                                  departures_, *limit_, source_metrics_);
      egress_ = std::make_unique<gateway::Egress>(
          gateway::Egress::Parts{reactor, *broker_, invocations_, metrics_, registry_,
                                 gateway::no_audit_log()},
          gateway::Admission({net::ListenAddress::parse("127.0.0.1:7072").value(), {}}, {}, std::nullopt),
          gateway::EgressOptions{}, net::Ways{.tls = tls, .proxies = {}});
      return [this](net::Exchange& exchange) { return egress_->handle(exchange); };
    });
  }

  ~Side() {
    listener_->stop();
    egress_.reset();
    broker_.reset();
    limit_.reset();
    chain_.reset();
  }
  Side(const Side&) = delete;
  Side& operator=(const Side&) = delete;

  void measure(std::vector<double>& cpu_us) {
    const std::string request = "GET /jira" + std::string(kPath) +
                                " HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n"
                                "Forge-Proxy-Authorization: Forge as=app,installationId=" +
                                std::string(id_.bare()) + "\r\n\r\n";
    bench::LoadGenerator load(listener_->port, kConnections, {request}, ~std::uint64_t{0});
    (void)load.run(kRound / 5);
    const double before = listener_->cpu_seconds();
    const bench::Tally tally = load.run(kRound);
    must(tally.good > 0 && tally.refused == 0 && tally.broken == 0, "a call was not answered with 200");
    cpu_us.push_back(1e6 * (listener_->cpu_seconds() - before) / static_cast<double>(tally.answers()));
  }

 private:
  const InstallationId id_ = InstallationId::parse("0a3a7799-53ae-4a5b-9e7e-03338980abb5").value();
  std::shared_ptr<vault::Vault> vault_ = vault::Vault::open({.url = "memory:"}).value();
  metrics::Registry registry_;
  gateway::EgressMetrics metrics_{registry_};
  gateway::SourceMetrics source_metrics_{registry_};
  gateway::Departures departures_;
  gateway::Invocations invocations_{0, gateway::UserTokens::off};
  std::unique_ptr<gateway::SourceChain> chain_;
  std::unique_ptr<gateway::UserTokenLimit> limit_;
  std::unique_ptr<gateway::Broker> broker_;
  std::unique_ptr<gateway::Egress> egress_;
  std::optional<bench::PinnedListener> listener_;
};

std::size_t drop(char*, std::size_t size, std::size_t count, void*) { return size * count; }

/// libcurl's multi interface with as many calls at once, on connections that stay.
class Curl {
 public:
  Curl(const std::string& base, const std::string& ca_file) : multi_(curl_multi_init()) {
    headers_ = curl_slist_append(nullptr, ("Authorization: Bearer " + std::string(kTokenBytes, 's')).c_str());
    headers_ = curl_slist_append(headers_, "Accept: application/json");
    for (CURL*& easy : calls_) {
      easy = curl_easy_init();
      curl_easy_setopt(easy, CURLOPT_URL, (base + kPath).c_str());
      curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers_);
      curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop);
      curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
      curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
      curl_easy_setopt(easy, CURLOPT_CAINFO, ca_file.c_str());
      curl_multi_add_handle(multi_, easy);
    }
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, static_cast<long>(kConnections));
  }
  ~Curl() {
    for (CURL* easy : calls_) {
      curl_multi_remove_handle(multi_, easy);
      curl_easy_cleanup(easy);
    }
    curl_multi_cleanup(multi_);
    curl_slist_free_all(headers_);
  }
  Curl(const Curl&) = delete;
  Curl& operator=(const Curl&) = delete;

  void measure(std::vector<double>& cpu_us) {
    std::thread thread([&] {
      bench::pin_to(0);
      (void)run(kRound / 5);
      const double before = bench::cpu_seconds_of(pthread_self());
      const std::size_t answers = run(kRound);
      cpu_us.push_back(1e6 * (bench::cpu_seconds_of(pthread_self()) - before) / static_cast<double>(answers));
    });
    thread.join();
  }

 private:
  /// How many answers came in that time.
  std::size_t run(std::chrono::milliseconds time) {
    std::size_t answers = 0;
    for (const auto end = net::Steady::now() + time; net::Steady::now() < end;) {
      int running = 0, left = 0;
      curl_multi_perform(multi_, &running);
      while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
        long status = 0;
        CURL* const easy = message->easy_handle;
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
        must(message->data.result == CURLE_OK && status == 200, "libcurl was not answered with 200");
        curl_multi_remove_handle(multi_, easy);
        curl_multi_add_handle(multi_, easy);
        ++answers;
      }
      curl_multi_poll(multi_, nullptr, 0, 100, nullptr);
    }
    return answers;
  }

  CURLM* multi_;
  curl_slist* headers_ = nullptr;
  std::array<CURL*, kConnections> calls_{};
};

void compare(const char* name, bool by_tls) {
  const Certificate certificate;
  Product product(certificate, by_tls);
  Side egress(product.base(), net::verifying_tls(certificate.file()).value());
  Curl curl(product.base(), certificate.file());
  std::vector<double> ours, theirs, ratios;
  for (int round = 0; round < kRounds; ++round) {
    egress.measure(ours);
    curl.measure(theirs);
    ratios.push_back(ours.back() / theirs.back());
  }
  std::printf("%-6s egress %6.1f us CPU   libcurl multi %6.1f us CPU   %5.2f x libcurl\n", name,
              bench::median(ours), bench::median(theirs), bench::median(ratios));
}

}  // namespace

int main() {
  curl_global_init(CURL_GLOBAL_DEFAULT);
  bench::pin_to(1);
  compare("plain", false);
  compare("TLS", true);
  curl_global_cleanup();
  return 0;
}
