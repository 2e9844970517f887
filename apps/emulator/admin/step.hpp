#pragma once
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "emulator/api/call.hpp"
#include "emulator/api/path_pattern.hpp"
#include "emulator/platform/triggers.hpp"
#include "emulator/platform/world.hpp"

namespace tongs::emulator {

struct AdminStep;

/// The answer needs to know what came of some deliveries: attempt them, then go on.
struct AdminWait {
  std::vector<DeliveryId> deliveries;
  std::function<AdminStep(Moment now)> then;
};

/// What an admin request leads to. Waiting is the shell's; deciding is here, so that it can be tested without
/// a socket.
struct AdminStep {
  std::variant<HttpResponse, AdminWait> next;

  AdminStep(HttpResponse answer) : next(std::move(answer)) {}
  AdminStep(AdminWait wait) : next(std::move(wait)) {}
};

/// One admin request with its JSON body, which may be left out.
struct AdminCall {
  World& world;
  const ApiCall& http;
  PathParameters parameters;
  json::object body;
  Moment now;
};

/// The deliveries that were really queued.
std::vector<DeliveryId> deliveries_of(const std::vector<Queued>& queued);

/// A delivery as the admin API shows it.
json::object delivery_view(const Delivery& delivery);
/// What became of each event: its delivery, or why there is none.
json::array queued_view(const World& world, const std::vector<Queued>& queued);

}  // namespace tongs::emulator
