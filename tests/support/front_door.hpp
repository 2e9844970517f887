#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include <tongs/clock.hpp>
#include <tongs/testing/test_issuer.hpp>

#include "common/config/load.hpp"
#include "gateway/gateway.hpp"
#include "support/caller.hpp"
#include "support/scratch_folder.hpp"

namespace tongs::test {

/// A gateway that knows one key, keeps its vault in memory and has one worker, in front of a backend of the
/// test. Its token is good.
class FrontDoor {
 public:
  /// `settings`: lines for `[ingress]`.
  explicit FrontDoor(std::uint16_t backend_port, const std::string& settings = {}) {
    tongs::testing::TestFit fit;
    fit.issued_at = Clock::system()->wall_now();
    fit.life = std::chrono::hours(1);
    token_ = issuer().sign(fit);
    config::Source source;
    source.name = "gateway.toml";
    source.directory = folder_.path().string();
    source.text = "[app]\nid = \"" + fit.app_id + "\"\n[ingress]\nlisten = \"127.0.0.1:0\"\nworkers = 1\n" +
                  "backend = \"http://127.0.0.1:" + std::to_string(backend_port) + "\"\n" + settings +
                  "\n[jwks]\nfile = \"" + folder_.write("jwks.json", issuer().jwks()) +
                  "\"\n[vault]\nurl = \"memory:\"\n[egress]\nlisten = \"off\"\n[oauth]\nlisten = \"off\"\n" +
                  "[admin]\nlisten = \"127.0.0.1:0\"\n[log]\nlevel = \"off\"\n";
    auto outcome = gateway::read_config(source, {}, 1);
    for (const auto& finding : outcome.findings) ADD_FAILURE() << finding.text();
    gateway_ = gateway::Gateway::start(*std::move(outcome.config)).value();
  }

  std::uint16_t port() const { return port_of(gateway_->addresses().ingress); }
  const std::string& token() const { return token_; }
  /// The header lines that every request needs here.
  std::string credentials() const { return "Host: gateway\r\nAuthorization: Bearer " + token_ + "\r\n"; }

  /// The sum over all labels.
  std::uint64_t metric(const std::string& name) const {
    const std::string text = Caller(port_of(gateway_->addresses().admin))
                                 .say("GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                                 .hear_all();
    std::uint64_t sum = 0;
    for (std::size_t place = 0; (place = text.find('\n' + name, place)) != std::string::npos;) {
      place += name.size() + 1;
      if (text[place] == ' ' || text[place] == '{') sum += std::stoull(text.substr(text.find(' ', place)));
    }
    return sum;
  }
  /// Invocations that were let in.
  std::uint64_t accepted() const { return metric("tongs_ingress_accepted_total"); }

  /// Ends every connection, in and out.
  void shut() { gateway_.reset(); }

 private:
  static const tongs::testing::TestIssuer& issuer() {
    static const auto* const made = new tongs::testing::TestIssuer;
    return *made;
  }
  static std::uint16_t port_of(const std::string& address) {
    return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
  }

  ScratchFolder folder_;
  std::string token_;
  std::unique_ptr<gateway::Gateway> gateway_;
};

}  // namespace tongs::test
