#pragma once
#include <tongs/testing/test_issuer.hpp>

namespace tongs {

/// One issuer for all tests of the process; making a key takes a while.
inline const testing::TestIssuer& issuer() {
  static const auto* const made = new testing::TestIssuer;
  return *made;
}

}  // namespace tongs
