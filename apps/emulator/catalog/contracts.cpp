#include "emulator/catalog/contracts.hpp"

#include <boost/json/parse.hpp>

namespace tongs::emulator {

std::string_view Contracts::find(const std::string& start) const noexcept {
  const std::size_t found = text_.find(start);
  if (found == std::string_view::npos) return shared_ == nullptr ? std::string_view() : shared_->find(start);
  const std::string_view rest = text_.substr(found + start.size());
  return rest.substr(0, rest.find('\n'));
}

const json::object* Contracts::line(char kind, std::string_view name) {
  std::string start("\n");
  start.append({kind, ' '}).append(name) += '\t';
  const auto known = read_.find(start);
  if (known != read_.end()) return known->second.get();
  const std::string_view text = find(start);
  auto parsed = text.empty() ? nullptr : std::make_unique<const json::object>(json::parse(text).as_object());
  return read_.emplace(std::move(start), std::move(parsed)).first->second.get();
}

Contract Contracts::contract(std::string_view operation) {
  const json::object* found = line('O', operation);
  if (found == nullptr) return {};
  return {.status = static_cast<int>(found->at("status").as_int64()),
          .answer = object_in(*found, "answer"),
          .body = object_in(*found, "body"),
          .parameters = object_in(*found, "parameters")};
}

const json::object* Contracts::schema(std::string_view key) { return line('S', key); }

FindSchema Contracts::schemas() {
  return [this](std::string_view key) { return schema(key); };
}

}  // namespace tongs::emulator
