#include "gateway/proxying.hpp"

#include <gtest/gtest.h>

namespace tongs::gateway {
namespace {

TEST(Proxying, passes_every_method_on_that_reflects_nothing_and_opens_no_tunnel) {
  for (const char* method : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"}) {
    EXPECT_FALSE(refused_method(method)) << method;
  }
  for (const char* method : {"TRACE", "CONNECT", "Trace", "connect"}) {
    const auto refusal = refused_method(method);
    ASSERT_TRUE(refusal) << method;
    EXPECT_EQ(refusal->status, 501);
  }
}

}  // namespace
}  // namespace tongs::gateway
