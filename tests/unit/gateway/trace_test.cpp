#include "gateway/ingress/trace.hpp"

#include <string>

#include <gtest/gtest.h>

#include "unit/gateway/request_of.hpp"

namespace tongs::gateway {
namespace {

using testing::request_of;

constexpr std::uint64_t kRandom = 0x0123456789abcdee;
constexpr std::string_view kParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

Trace trace(std::vector<net::Field> fields) {
  return Trace::of(request_of("GET", "/", std::move(fields)), kRandom);
}

TEST(Trace, GoesOnWithTheIdsOfForge) {
  const Trace made = trace({{"X-B3-TraceId", "a523b7549f0b88c9"}, {"X-B3-SpanId", "2a2436c64727923f"}});
  EXPECT_EQ(made.trace_id(), "a523b7549f0b88c9");
  EXPECT_EQ(made.span_id(), "2a2436c64727923f");
  EXPECT_EQ(made.traceparent(), "00-0000000000000000a523b7549f0b88c9-2a2436c64727923f-01");
}

TEST(Trace, TakesLongIds) {
  const Trace made = trace({{"x-b3-traceid", "4BF92F3577B34DA6A3CE929D0E0E4736"},
                            {"x-b3-spanid", "4bf92f3577b34da6a3ce929d0e0e4736"}});
  EXPECT_EQ(made.trace_id(), "4BF92F3577B34DA6A3CE929D0E0E4736");
  EXPECT_EQ(made.traceparent(), "00-4bf92f3577b34da6a3ce929d0e0e4736-a3ce929d0e0e4736-01");
}

TEST(Trace, BeginsHereIfThereIsNone) {
  const Trace made = trace({});
  EXPECT_EQ(made.trace_id(), "0123456789abcdef");
  EXPECT_EQ(made.traceparent(), "00-00000000000000000123456789abcdef-0123456789abcdef-01");
}

TEST(Trace, FollowsTheParentOfOthers) {
  const Trace made = trace({{"traceparent", kParent}});
  EXPECT_EQ(made.trace_id(), "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(made.span_id(), "00f067aa0ba902b7");
  EXPECT_EQ(made.traceparent(), kParent);
}

TEST(Trace, SpeaksTheVersionThatItKnows) {
  const std::string later = "01" + std::string(kParent.substr(2)) + "-more";
  EXPECT_EQ(trace({{"traceparent", later}}).traceparent(), kParent);
}

TEST(Trace, BelievesNothingMalformed) {
  for (const auto id :
       {"", "xyz", "0000000000000000", "a523b7549f0b88c", "a523b7549f0b88c9 ", "a523b7549f0b88cg"}) {
    EXPECT_EQ(trace({{"x-b3-traceid", id}}).trace_id(), "0123456789abcdef") << id;
  }
  for (const auto parent : {"", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
                            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x"}) {
    EXPECT_EQ(trace({{"traceparent", parent}}).trace_id(), "0123456789abcdef") << parent;
  }
  EXPECT_EQ(trace({{"traceparent", kParent}, {"traceparent", kParent}}).trace_id(), "0123456789abcdef");
}

}  // namespace
}  // namespace tongs::gateway
