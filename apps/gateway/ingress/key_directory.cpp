#include "gateway/ingress/key_directory.hpp"

namespace tongs::gateway {

void KeyDirectory::add_isolated_cloud(std::string label, std::unique_ptr<KeyHub> hub) {
  isolated_.insert_or_assign(std::move(label), std::move(hub));
}

KeyHub* KeyDirectory::find(std::string_view ic_label) const noexcept {
  if (ic_label.empty() || isolated_.empty()) return main_.get();
  const auto found = isolated_.find(ic_label);
  return found == isolated_.end() ? nullptr : found->second.get();
}

std::vector<KeyHub*> KeyDirectory::all() const {
  std::vector<KeyHub*> hubs{main_.get()};
  for (const auto& [label, hub] : isolated_) hubs.push_back(hub.get());
  return hubs;
}

}  // namespace tongs::gateway
