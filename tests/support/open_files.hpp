#pragma once
#include <algorithm>

#include <gtest/gtest.h>
#include <sys/resource.h>

namespace tongs::test {

/// For tests with thousands of connections.
inline void allow_open_files(rlim_t count) {
  rlimit limit{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  limit.rlim_cur = std::max(limit.rlim_cur, std::min(count, limit.rlim_max));
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

}  // namespace tongs::test
