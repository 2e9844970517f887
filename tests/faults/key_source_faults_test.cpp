// A remote key source lives through its whole day, and each request of that day is failed in turn, in every
// way in which a request can fail.

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include <tongs/fit.hpp>
#include <tongs/jwks.hpp>
#include <tongs/testing/fake_clock.hpp>
#include <tongs/testing/scripted_transport.hpp>
#include <tongs/testing/test_issuer.hpp>

namespace tongs {

namespace {

using std::chrono::minutes;
using std::chrono::seconds;

struct Fault {
  std::string_view name;
  std::function<void(testing::ScriptedTransport&)> arrange;
};

std::vector<Fault> faults() {
  const auto error = [](Errc code) {
    return [code](testing::ScriptedTransport& peer) { peer.fail(Error(code, "no answer")); };
  };
  const auto answer = [](int status, std::string body) {
    return [status, body](testing::ScriptedTransport& peer) { peer.answer(status, body); };
  };
  return {{"connection refused", error(Errc::transport_failed)},
          {"slower than its limit", error(Errc::deadline_exceeded)},
          {"broken off by the transport", error(Errc::cancelled)},
          {"not HTTP", error(Errc::malformed_response)},
          {"refused by the transport", error(Errc::invalid_argument)},
          {"a bug of the transport", error(Errc::internal)},
          {"500", answer(500, "{}")},
          {"503 with a key set", answer(503, R"({"keys":[]})")},
          {"404", answer(404, "not found")},
          {"429", answer(429, "")},
          {"a redirect", answer(302, "")},
          {"204", answer(204, "")},
          {"an empty body", answer(200, "")},
          {"an empty set", answer(200, R"({"keys":[]})")},
          {"half a body", answer(200, R"({"keys":[{"kty":"RSA","kid":"a)")},
          {"a login page", answer(200, "<html><title>Sign in</title></html>")},
          {"a set without a usable key", answer(200, R"({"keys":[{"kty":"EC","kid":"a"}]})")},
          {"a body beyond the limit", answer(200, std::string(70'000, ' '))},
          {"a set beyond the limit", answer(
                                         200, R"({"keys":[)" + [] {
                                           std::string many = "{}";
                                           for (int i = 0; i < 40; ++i) many += ",{}";
                                           return many;
                                         }() + "]}")}};
}

/// The peer before and after its rotation, with a token of each key that lives all day.
struct Platform {
  std::string old_set, new_set, old_token, new_token;

  Platform() {
    testing::TestIssuer issuer;
    testing::TestFit fit;
    fit.life = std::chrono::hours(24);
    old_set = issuer.jwks();
    old_token = issuer.sign(fit);
    issuer.rotate();
    new_set = issuer.jwks();
    new_token = issuer.sign(fit);
  }
};

const Platform& platform() {
  static const auto* const made = new Platform;
  return *made;
}

/// One request of the day: when it comes, the token that causes it, and what the peer then publishes.
struct Moment {
  std::string_view name;
  seconds before;
  const std::string* token;
  const std::string* set;
};

std::vector<Moment> day() {
  const Platform& p = platform();
  return {{"the first request", seconds(0), &p.old_token, &p.old_set},
          {"a refresh ahead", minutes(9), &p.old_token, &p.old_set},
          {"a set past its time", minutes(10), &p.old_token, &p.old_set},
          {"a rotation", seconds(40), &p.new_token, &p.new_set}};
}

class Day {
 public:
  /// The code of the refusal, or `internal` if the token was accepted.
  Errc verify(const std::string& token) {
    const auto verdict = verifier_.verify(token);
    return verdict ? Errc::internal : verdict.error().code();
  }

  std::shared_ptr<testing::FakeClock> clock = std::make_shared<testing::FakeClock>();
  std::shared_ptr<testing::ScriptedTransport> peer = std::make_shared<testing::ScriptedTransport>();
  std::shared_ptr<RemoteKeySource> keys =
      RemoteKeySource::create("https://keys.example/jwks", peer, {}, clock).value();

 private:
  FitVerifier verifier_ =
      FitVerifier::create(AppId::parse(testing::TestFit().app_id).value(), keys, {}, clock).value();
};

constexpr Errc kAccepted = Errc::internal;

TEST(KeySourceFaults, ADayWithoutThemNeedsFourRequests) {
  Day today;
  for (const Moment& moment : day()) {
    today.clock->advance(moment.before);
    today.peer->answer(200, *moment.set);
    EXPECT_EQ(today.verify(*moment.token), kAccepted) << moment.name;
    EXPECT_EQ(today.peer->unused(), 0U) << moment.name;
  }
  EXPECT_EQ(today.keys->status().generation, 2U);
}

/// The day with `fault` at request number `failing`.
void live_through(const Fault& fault, std::size_t failing) {
  Day today;
  const std::vector<Moment> moments = day();
  for (std::size_t i = 0; i < moments.size(); ++i) {
    const Moment& moment = moments[i];
    SCOPED_TRACE(moment.name);
    today.clock->advance(moment.before);
    if (i == failing) {
      const JwksStatus before = today.keys->status();
      fault.arrange(*today.peer);
      const bool known = i == 1 || i == 2;
      EXPECT_EQ(today.verify(*moment.token), known ? kAccepted : Errc::keys_unavailable);
      EXPECT_EQ(today.peer->unused(), 0U) << "the fault did not happen";
      const JwksStatus after = today.keys->status();
      EXPECT_EQ(after.failures, before.failures + 1);
      EXPECT_EQ(after.keys, before.keys) << "a failure wiped keys";
      EXPECT_EQ(after.generation, before.generation);
      EXPECT_EQ(today.verify(*moment.token), known ? kAccepted : Errc::keys_unavailable)
          << "without asking again";
      today.clock->advance(seconds(30));
    }
    today.peer->answer(200, *moment.set);
    EXPECT_EQ(today.verify(*moment.token), kAccepted);
    EXPECT_EQ(today.peer->unused(), 0U);
    EXPECT_FALSE(today.keys->status().stale);
  }
}

TEST(KeySourceFaults, EachRequestMayFailInAnyWayAndTheNextHealsIt) {
  for (const Fault& fault : faults()) {
    SCOPED_TRACE(fault.name);
    for (std::size_t failing = 0; failing < day().size(); ++failing) live_through(fault, failing);
  }
}

TEST(KeySourceFaults, AnOutageNeverTurnsAGenuineTokenIntoAnInvalidOne) {
  for (const Fault& fault : faults()) {
    SCOPED_TRACE(fault.name);
    Day today;
    for (int attempt = 0; attempt < 5; ++attempt) {
      fault.arrange(*today.peer);
      EXPECT_EQ(today.verify(platform().old_token), Errc::keys_unavailable);
      today.clock->advance(seconds(31));
    }
    EXPECT_EQ(today.keys->status().failures, 5U);
  }
}

}  // namespace

}  // namespace tongs
