#include "emulator/faults/fault.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/wildcard.hpp"

namespace tongs::emulator {

namespace {

constexpr std::array<std::string_view, 6> kTargets{"jwks",         "graphql", "products",
                                                   "auth-trigger", "oauth",   "deliveries"};

bool matches_pattern(std::string_view pattern, std::string_view text) noexcept {
  return tongs::detail::wildcard_matches(pattern, text, [](std::string_view) { return true; });
}

/// Does `part` stand in `path` so that it neither starts nor ends inside a segment?
bool holds_segments(std::string_view path, std::string_view part) noexcept {
  for (auto at = path.find(part); at != std::string_view::npos; at = path.find(part, at + 1)) {
    const std::size_t end = at + part.size();
    const bool starts_clean = at == 0 || path[at] == '/' || path[at - 1] == '/';
    const bool ends_clean = end == path.size() || path[end] == '/' || part.ends_with('/');
    if (starts_clean && ends_clean) return true;
  }
  return false;
}

bool matches_path(std::string_view wanted, std::string_view path) noexcept {
  return wanted.find('*') != std::string_view::npos ? matches_pattern(wanted, path)
                                                    : holds_segments(path, wanted);
}

}  // namespace

std::string_view to_string(FaultTarget target) noexcept { return kTargets[static_cast<std::size_t>(target)]; }

bool FaultMatch::matches(const FaultSubject& subject) const {
  const auto fits = [](const std::string& wanted, std::string_view given) {
    return wanted.empty() || wanted == given;
  };
  return (!target || *target == subject.target) && fits(method, subject.method) &&
         fits(module, subject.module) && fits(remote, subject.remote) &&
         (path.empty() || matches_path(path, subject.path)) &&
         (operation.empty() || std::find(subject.operations.begin(), subject.operations.end(), operation) !=
                                   subject.operations.end());
}

const Fault& FaultBook::add(FaultMatch match, FaultAction action, std::int64_t count, json::object asked) {
  return faults_.emplace_back(Fault{"fault-" + std::to_string(++made_), std::move(match), std::move(action),
                                    std::move(asked), count});
}

const Fault* FaultBook::take(const FaultSubject& subject) {
  const auto found = std::find_if(faults_.begin(), faults_.end(), [&](const Fault& fault) {
    return !fault.completed() && fault.match.matches(subject);
  });
  if (found == faults_.end()) return nullptr;
  ++found->consumed;
  return &*found;
}

const Fault* FaultBook::find(std::string_view id) const noexcept {
  const auto found =
      std::find_if(faults_.begin(), faults_.end(), [&](const Fault& fault) { return fault.id == id; });
  return found == faults_.end() ? nullptr : &*found;
}

bool FaultBook::remove(std::string_view id) {
  return std::erase_if(faults_, [&](const Fault& fault) { return fault.id == id; }) > 0;
}

}  // namespace tongs::emulator
