#include "emulator/admin/invocation_admin.hpp"

#include <utility>

#include "emulator/base/json_text.hpp"
#include "emulator/platform/invoke.hpp"
#include "json/writer.hpp"

namespace tongs::emulator {

namespace {

/// `installationId`, for short also `installation`.
std::string read_installation(Members& members) {
  const auto shorter = members.text("installation");
  return members.text("installationId").value_or(shorter.value_or(""));
}

std::vector<Header> read_headers(Members& members) {
  std::vector<Header> headers;
  const json::object* given = members.object("headers");
  if (given == nullptr) return headers;
  for (const auto& [name, value] : *given) {
    if (!value.is_string()) {
      members.refuse("headers", "must hold strings");
      return {};
    }
    headers.push_back({std::string(name), std::string(value.get_string())});
  }
  return headers;
}

/// `text`: what `members` was parsed from.
InvokeWish read_invoke(Members& members, std::string_view text) {
  InvokeWish wish;
  wish.installation = read_installation(members);
  wish.module = members.text("module").value_or("");
  wish.remote = members.text("remote").value_or("");
  wish.path = members.text("path").value_or("");
  wish.method = members.text("method").value_or("");
  wish.user = members.text("user").value_or("");
  wish.headers = read_headers(members);
  if (const json::value* body = members.any("body"); body != nullptr && !body->is_null()) {
    wish.body = *body;
    const auto own_words = member_text(text, "body");
    wish.body_text = own_words ? std::string(*own_words) : json_text(*body);
  }
  if (const json::object* extension = members.object("extension")) wish.extension = *extension;
  members.finish();
  return wish;
}

/// What the caller sees, and what the platform did for it.
json::object invocation_view(const Delivery& delivery) {
  const Outcome& outcome = *delivery.last;
  json::object view;
  switch (delivery.message.way) {
    case Way::ui:
      view = ui_view(outcome);
      break;
    case Way::function:
      view = function_view(outcome);
      break;
    default:
      view = json::object{{"delivered", delivery.state == DeliveryState::delivered}};
      if (outcome.kind == Outcome::Kind::answered) view["status"] = outcome.response.status;
      if (!delivery.retry_reason.empty()) view["error"] = delivery.retry_reason;
  }
  view["durationMs"] = outcome.duration.count();
  view["delivery"] = to_string(delivery.id);
  return view;
}

/// A body that is JSON stays as the remote wrote it.
HttpResponse invocation_answer(const Delivery& delivery) {
  const std::string& body = delivery.last->response.body;
  JsonWriter out;
  out.open_object();
  for (const auto& [name, value] : invocation_view(delivery)) {
    const bool is_text = value.is_null() || value == json::string(body);
    out.name(name).raw(name == "body" && !is_text ? body : json_text(value));
  }
  out.close_object();
  return {200, {{"content-type", "application/json"}}, std::move(out).text()};
}

}  // namespace

AdminStep post_invoke(AdminCall& call) {
  Problem problem;
  Members members(call.body, "", problem);
  const InvokeWish wish = read_invoke(members, call.http.body);
  if (problem) return problem_answer(400, problem);
  World& world = call.world;
  const auto queued = invoke(world, wish, call.now);
  if (const auto* refused = std::get_if<Problem>(&queued)) return problem_answer(400, *refused);
  const auto id = std::get<DeliveryId>(queued);
  return AdminWait{
      {id}, [&world, id](Moment) -> AdminStep { return invocation_answer(*world.deliveries.find(id)); }};
}

AdminStep post_event(AdminCall& call) {
  Problem problem;
  Members members(call.body, "", problem);
  const auto event_type = members.text("eventType");
  const std::string name = members.text("name").value_or(event_type.value_or(""));
  const std::string installation_id = read_installation(members);
  const json::object* payload = members.object("payload");
  members.finish();
  if (name.empty()) problem.set("must name the event, such as avi:jira:created:issue", "/name");
  if (problem) return problem_answer(400, problem);
  World& world = call.world;
  std::vector<const Installation*> where = world.directory.active();
  if (!installation_id.empty() || where.empty()) {
    const auto chosen = choose_installation(world, installation_id);
    if (const auto* refused = std::get_if<Problem>(&chosen)) return problem_answer(400, *refused);
    where = {std::get<const Installation*>(chosen)};
  }
  std::vector<Queued> queued;
  for (const auto* installation : where) {
    auto more =
        emit_event(world, *installation, name, payload == nullptr ? json::object{} : *payload, call.now);
    queued.insert(queued.end(), more.begin(), more.end());
  }
  world.note("event", {{"event", name}, {"triggers", queued.size()}}, call.now);
  auto deliveries = deliveries_of(queued);
  return AdminWait{std::move(deliveries), [&world, name, queued = std::move(queued)](Moment) -> AdminStep {
                     return json_answer(200, {{"event", name}, {"deliveries", queued_view(world, queued)}});
                   }};
}

AdminStep list_deliveries(AdminCall& call) {
  json::array all;
  for (const auto* delivery : call.world.deliveries.all()) all.push_back(delivery_view(*delivery));
  return json_answer(200, {{"deliveries", std::move(all)}});
}

}  // namespace tongs::emulator
