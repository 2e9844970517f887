#include "emulator/admin/step.hpp"

namespace tongs::emulator {

std::vector<DeliveryId> deliveries_of(const std::vector<Queued>& queued) {
  std::vector<DeliveryId> ids;
  for (const auto& one : queued) {
    if (const auto* id = std::get_if<DeliveryId>(&one.what)) ids.push_back(*id);
  }
  return ids;
}

json::object delivery_view(const Delivery& delivery) {
  json::object view{
      {"id", to_string(delivery.id)}, {"state", to_string(delivery.state)}, {"attempts", delivery.attempts}};
  add_facts(view, delivery.message);
  if (delivery.last && delivery.last->kind == Outcome::Kind::answered)
    view["status"] = delivery.last->response.status;
  if (!delivery.retry_reason.empty()) view["retryReason"] = delivery.retry_reason;
  if (delivery.state == DeliveryState::waiting) view["nextAttempt"] = iso_time(delivery.due);
  return view;
}

json::array queued_view(const World& world, const std::vector<Queued>& queued) {
  json::array views;
  for (const auto& one : queued) {
    if (const auto* problem = std::get_if<Problem>(&one.what)) {
      views.push_back(json::object{{"module", one.module},
                                   {"installationId", one.installation},
                                   {"state", "skipped"},
                                   {"reason", problem->message}});
    } else if (const Delivery* delivery = world.deliveries.find(std::get<DeliveryId>(one.what))) {
      views.push_back(delivery_view(*delivery));
    }
  }
  return views;
}

}  // namespace tongs::emulator
