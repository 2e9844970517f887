#pragma once
#include <string>

#include <gtest/gtest.h>

#include "common/log.hpp"

namespace tongs::test {

/// Everything that is logged while it lives.
class CapturedLog {
 public:
  CapturedLog() {
    log::start(log::Level::info, false);
    ::testing::internal::CaptureStderr();
  }
  CapturedLog(const CapturedLog&) = delete;
  CapturedLog& operator=(const CapturedLog&) = delete;
  ~CapturedLog() {
    if (!taken_) (void)take();
  }
  std::string take() {
    taken_ = true;
    return ::testing::internal::GetCapturedStderr();
  }

 private:
  bool taken_ = false;
};

}  // namespace tongs::test
