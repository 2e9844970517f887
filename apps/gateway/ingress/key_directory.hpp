#pragma once
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/ingress/key_hub.hpp"

namespace tongs::gateway {

/// The key sets that the configuration allows: one, and one more for each Isolated Cloud that it names
/// (contract 2.4). A token says which of these is its own and can bring no other into being: no claim that is
/// not verified yet ever becomes a URL. Thread safety: const.
class KeyDirectory {
 public:
  explicit KeyDirectory(std::unique_ptr<KeyHub> main) : main_(std::move(main)) {}
  void add_isolated_cloud(std::string label, std::unique_ptr<KeyHub> hub);

  /// The set that a token with this `icLabel` must be signed with; null: we know none. Without Isolated
  /// Clouds the claim means nothing to us.
  KeyHub* find(std::string_view ic_label) const noexcept;

  const KeyHub& main() const noexcept { return *main_; }
  std::vector<KeyHub*> all() const;

 private:
  std::unique_ptr<KeyHub> main_;
  std::map<std::string, std::unique_ptr<KeyHub>, std::less<>> isolated_;
};

}  // namespace tongs::gateway
