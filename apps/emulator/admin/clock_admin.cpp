#include "emulator/admin/clock_admin.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "emulator/platform/lifecycle.hpp"

namespace tongs::emulator {

namespace {

constexpr Millis kLongestAdvance = std::chrono::days(366);
/// Scheduled runs that one advance may cause.
constexpr std::int64_t kMostRuns = 5000;

json::object clock_view(World& world, Moment now) {
  json::object view{{"now", iso_time(now.platform)}, {"realTime", iso_time(now.real)}};
  view["scale"] = world.clock.scale();
  if (const auto due = next_due(world)) view["nextDue"] = iso_time(*due);
  return view;
}

std::int64_t runs_within(const World& world, PlatformTime target) {
  std::int64_t runs = 0;
  for (const auto& entry : world.scheduler.entries()) {
    if (entry.at <= target) runs += (target - entry.at) / entry.interval + 1;
  }
  return runs;
}

/// An advance under way.
struct Advance {
  World& world;
  PlatformTime start, target;
  std::vector<DeliveryId> attempted;
};

AdminStep finish(const Advance& advance, Moment now) {
  json::object answer = clock_view(advance.world, now);
  answer["advancedSeconds"] = std::chrono::duration<double>(advance.target - advance.start).count();
  json::array deliveries;
  for (const auto id : advance.attempted) {
    if (const Delivery* delivery = advance.world.deliveries.find(id))
      deliveries.push_back(delivery_view(*delivery));
  }
  answer["deliveries"] = std::move(deliveries);
  return json_answer(200, answer);
}

/// To the next moment at which something is due, or to the target.
AdminStep go_on(const std::shared_ptr<Advance>& advance, Moment now) {
  World& world = advance->world;
  for (;;) {
    const auto due = next_due(world);
    if (!due || *due > advance->target) break;
    world.clock.advance_to(now.real, *due);
    now = world.at(now.real);
    auto deliveries = take_due(world, now);
    if (deliveries.empty()) continue;
    advance->attempted.insert(advance->attempted.end(), deliveries.begin(), deliveries.end());
    return AdminWait{std::move(deliveries), [advance](Moment later) { return go_on(advance, later); }};
  }
  world.clock.advance_to(now.real, advance->target);
  return finish(*advance, world.at(now.real));
}

}  // namespace

AdminStep get_clock(AdminCall& call) { return json_answer(200, clock_view(call.world, call.now)); }

AdminStep put_clock(AdminCall& call) {
  Problem problem;
  Members members(call.body, "", problem);
  const auto scale = members.number("scale", 0.001, 100'000);
  members.finish();
  if (!scale) problem.set("is required: how many times as fast the platform's time runs", "/scale");
  if (problem) return problem_answer(400, problem);
  call.world.clock.set_scale(call.now.real, *scale);
  call.world.note("clock", {{"scale", *scale}}, call.now);
  return json_answer(200, clock_view(call.world, call.now));
}

AdminStep post_clock_advance(AdminCall& call) {
  Problem problem;
  Members members(call.body, "", problem);
  const auto seconds = members.number("seconds", 0, std::chrono::duration<double>(kLongestAdvance).count());
  const auto text = members.text("duration");
  members.finish();
  const auto duration = text ? parse_duration(*text) : std::nullopt;
  if (text && !duration) problem.set("must be a duration such as 90s, 5m or 1h30m", "/duration");
  if (seconds.has_value() == text.has_value()) problem.set("must hold either seconds or duration", "");
  if (problem) return problem_answer(400, problem);
  const Millis step = duration ? *duration : Millis(static_cast<Millis::rep>(*seconds * 1000));
  if (step > kLongestAdvance) return problem_answer(400, Problem{"must be at most 366 days", "/duration"});
  const PlatformTime target = call.now.platform + step;
  if (runs_within(call.world, target) > kMostRuns) {
    return problem_answer(
        400, Problem{"would run scheduled triggers more than 5000 times; advance in smaller steps", ""});
  }
  call.world.note("clock", {{"advanceTo", iso_time(target)}}, call.now);
  return go_on(std::make_shared<Advance>(Advance{call.world, call.now.platform, target, {}}), call.now);
}

}  // namespace tongs::emulator
