#include "emulator/platform/unfinished.hpp"

#include <cstdint>
#include <string>
#include <utility>

#include "emulator/platform/triggers.hpp"

namespace tongs::emulator {

namespace {

constexpr std::int64_t kMostMade = 1LL << 52;
constexpr std::int64_t kMostAttempts = 1000;

/// Nobody waits for its answer but the platform itself.
bool lives_on(const Delivery& delivery) noexcept {
  const Way way = delivery.message.way;
  return (way == Way::event || way == Way::schedule) &&
         (delivery.state == DeliveryState::waiting || delivery.state == DeliveryState::under_way);
}

json::object to_json(const Delivery& delivery) {
  const Message& message = delivery.message;
  const std::int64_t under_way = delivery.state == DeliveryState::under_way ? 1 : 0;
  json::object out{{"number", static_cast<std::int64_t>(delivery.id)},
                   {"way", to_string(message.way)},
                   {"installationId", message.installation},
                   {"module", message.module_key},
                   {"event", message.event},
                   {"attempts", delivery.attempts - under_way},
                   {"attemptsAllowed", delivery.attempts_allowed},
                   {"due", iso_time(delivery.due)},
                   {"retryReason", delivery.retry_reason}};
  if (message.body) out["body"] = *message.body;
  return out;
}

Way read_way(Members& members) {
  const std::string way = members.required_text("way");
  if (way != to_string(Way::event) && way != to_string(Way::schedule)) {
    members.refuse("way", "must be event or schedule");
  }
  return way == to_string(Way::event) ? Way::event : Way::schedule;
}

Delivery read_delivery(Members& members) {
  Delivery delivery;
  delivery.id = DeliveryId{static_cast<std::uint64_t>(members.integer("number", 1, kMostMade).value_or(1))};
  delivery.message.way = read_way(members);
  delivery.message.installation = members.required_text("installationId");
  delivery.message.module_key = members.required_text("module");
  delivery.message.event = members.text("event").value_or("");
  if (const json::value* body = members.any("body")) delivery.message.body = *body;
  delivery.attempts = members.integer("attempts", 0, kMostAttempts).value_or(0);
  delivery.attempts_allowed = members.integer("attemptsAllowed", 1, kMostAttempts).value_or(1);
  const auto due = parse_iso_time(members.required_text("due"));
  if (!due) members.refuse("due", "must be a time");
  delivery.due = due.value_or(PlatformTime{});
  delivery.retry_reason = members.text("retryReason").value_or("");
  return delivery;
}

}  // namespace

json::object unfinished_json(const DeliveryBook& deliveries) {
  json::array all;
  for (const Delivery* delivery : deliveries.all()) {
    if (lives_on(*delivery)) all.push_back(to_json(*delivery));
  }
  return {{"made", static_cast<std::int64_t>(deliveries.made())}, {"unfinished", std::move(all)}};
}

void read_unfinished(Members& members, World& world, Moment now) {
  members.objects("unfinished", [&](Members& one) {
    Delivery delivery = read_delivery(one);
    if (one.sound()) resume(world, std::move(delivery), now);
  });
  world.deliveries.go_on_after(static_cast<std::uint64_t>(members.integer("made", 0, kMostMade).value_or(0)));
}

}  // namespace tongs::emulator
