#include <chrono>
#include <set>
#include <string_view>

#include <gtest/gtest.h>

#include <tongs/error.hpp>

namespace tongs {

namespace {

using std::chrono::milliseconds;

TEST(Errc, HasANameForEachCode) {
  std::set<std::string_view> names;
  constexpr int codes = static_cast<int>(Errc::internal) + 1;
  for (int code = 0; code < codes; ++code) names.insert(to_string(static_cast<Errc>(code)));
  EXPECT_EQ(names.size(), static_cast<std::size_t>(codes));
  EXPECT_EQ(to_string(Errc::keys_unavailable), "keys_unavailable");
}

TEST(Error, KeepsCodeAndMessage) {
  const Error error(Errc::not_found, "no such thing");
  EXPECT_EQ(error.code(), Errc::not_found);
  EXPECT_EQ(error.message(), "no such thing");
  EXPECT_EQ(error.remote(), nullptr);
  EXPECT_EQ(error.cause(), nullptr);
  EXPECT_FALSE(error.retry_after());
  EXPECT_EQ(error.describe(), "no such thing");
}

TEST(Error, DescribesItsCausesInOrder) {
  const Error error = Error(Errc::keys_unavailable, "no keys")
                          .with_cause(Error(Errc::unavailable, "the peer is down")
                                          .with_cause(Error(Errc::transport_failed, "connection refused")));
  EXPECT_EQ(error.describe(), "no keys: the peer is down: connection refused");
  EXPECT_EQ(error.cause()->code(), Errc::unavailable);
}

TEST(Error, NeverPutsWhatThePeerSaidIntoADescription) {
  RemoteDetail detail;
  detail.http_status = 403;
  detail.body_excerpt = "personal data";
  const Error error = Error(Errc::forbidden, "refused").with_remote(detail);
  EXPECT_EQ(error.describe(), "refused");
  ASSERT_NE(error.remote(), nullptr);
  EXPECT_EQ(error.remote()->http_status, 403);
}

TEST(Error, AddingToOneCopyDoesNotChangeAnother) {
  const Error plain(Errc::rate_limited, "slow down");
  const Error waiting = Error(plain).with_retry_after(milliseconds(1500));
  EXPECT_FALSE(plain.retry_after());
  EXPECT_EQ(waiting.retry_after(), milliseconds(1500));
}

TEST(Error, IsTransientIfTheSameCallMaySucceedLater) {
  for (const Errc code : {Errc::transport_failed, Errc::unavailable, Errc::rate_limited,
                          Errc::malformed_response, Errc::keys_unavailable, Errc::deadline_exceeded}) {
    EXPECT_TRUE(Error(code, "").transient()) << to_string(code);
  }
  for (const Errc code :
       {Errc::cancelled, Errc::invalid_argument, Errc::rejected, Errc::forbidden, Errc::not_found,
        Errc::token_expired, Errc::signature_invalid, Errc::key_unknown, Errc::internal}) {
    EXPECT_FALSE(Error(code, "").transient()) << to_string(code);
  }
}

}  // namespace

}  // namespace tongs
