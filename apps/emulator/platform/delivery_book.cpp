#include "emulator/platform/delivery_book.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace tongs::emulator {

namespace {

bool is_finished(const Delivery& delivery) noexcept {
  return delivery.state == DeliveryState::delivered || delivery.state == DeliveryState::failed;
}

}  // namespace

std::string to_string(DeliveryId id) { return "delivery-" + std::to_string(static_cast<std::uint64_t>(id)); }

std::string_view to_string(DeliveryState state) noexcept {
  constexpr std::array<std::string_view, 4> names{"waiting", "under way", "delivered", "failed"};
  return names[static_cast<std::size_t>(state)];
}

DeliveryId DeliveryBook::add(Message message, std::int64_t retries, PlatformTime now) {
  const auto id = DeliveryId{++made_};
  Delivery delivery{.id = id, .message = std::move(message)};
  delivery.attempts_allowed = 1 + retries;
  delivery.due = now;
  deliveries_.emplace(id, std::move(delivery));
  forget_old();
  return id;
}

const Delivery* DeliveryBook::find(DeliveryId id) const noexcept {
  const auto found = deliveries_.find(id);
  return found == deliveries_.end() ? nullptr : &found->second;
}

std::optional<PlatformTime> DeliveryBook::next() const noexcept {
  std::optional<PlatformTime> first;
  for (const auto& [id, delivery] : deliveries_) {
    if (delivery.state != DeliveryState::waiting) continue;
    first = first ? std::min(*first, delivery.due) : delivery.due;
  }
  return first;
}

std::vector<DeliveryId> DeliveryBook::due(PlatformTime now) const {
  std::vector<DeliveryId> all;
  for (const auto& [id, delivery] : deliveries_) {
    if (delivery.state == DeliveryState::waiting && delivery.due <= now) all.push_back(id);
  }
  return all;
}

const Delivery* DeliveryBook::begin(DeliveryId id) {
  const auto found = deliveries_.find(id);
  if (found == deliveries_.end() || found->second.state != DeliveryState::waiting) return nullptr;
  found->second.state = DeliveryState::under_way;
  ++found->second.attempts;
  return &found->second;
}

const Delivery* DeliveryBook::finish(DeliveryId id, Outcome outcome, Millis retry_delay, PlatformTime now) {
  Delivery& delivery = deliveries_.at(id);
  const auto reason = retry_reason(outcome);
  delivery.last = std::move(outcome);
  delivery.retry_reason = reason.value_or("");
  if (!reason) {
    delivery.state = DeliveryState::delivered;
  } else if (delivery.attempts < delivery.attempts_allowed) {
    delivery.state = DeliveryState::waiting;
    delivery.due = now + retry_delay;
  } else {
    delivery.state = DeliveryState::failed;
  }
  return &delivery;
}

void DeliveryBook::drop_waiting(std::string_view installation) {
  for (auto& [id, delivery] : deliveries_) {
    if (delivery.state == DeliveryState::waiting && delivery.message.installation == installation) {
      delivery.state = DeliveryState::failed;
    }
  }
}

std::vector<const Delivery*> DeliveryBook::all() const {
  std::vector<const Delivery*> every;
  for (const auto& [id, delivery] : deliveries_) every.push_back(&delivery);
  return every;
}

void DeliveryBook::restore(Delivery delivery) {
  go_on_after(static_cast<std::uint64_t>(delivery.id));
  deliveries_.insert_or_assign(delivery.id, std::move(delivery));
}

void DeliveryBook::forget_old() {
  auto finished = static_cast<std::size_t>(std::count_if(
      deliveries_.begin(), deliveries_.end(), [](const auto& one) { return is_finished(one.second); }));
  for (auto one = deliveries_.begin(); one != deliveries_.end() && finished > kMostFinished;) {
    const bool old = is_finished(one->second);
    one = old ? deliveries_.erase(one) : std::next(one);
    finished -= old ? 1 : 0;
  }
}

}  // namespace tongs::emulator
