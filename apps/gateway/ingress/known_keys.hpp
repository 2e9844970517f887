#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/ingress/key_hub.hpp"

namespace tongs::gateway {

/// Keys that a worker has been given: it asks the hub, on another thread, once for each. Thread safety: none.
class KnownKeys {
 public:
  /// Empty: not known, or the set of `hub` has changed since, or may not be believed now.
  std::optional<KeyAnswer> find(const KeyHub& hub, std::string_view kid,
                                net::Steady::time_point now) const noexcept;
  void remember(std::string_view kid, const KeyAnswer& answer);

 private:
  struct Entry {
    std::string kid;
    KeyAnswer answer;
  };
  std::vector<Entry> entries_;
};

}  // namespace tongs::gateway
