#include "emulator/platform/delivery.hpp"

#include <array>
#include <utility>

#include "http/ascii.hpp"

namespace tongs::emulator {

namespace {

constexpr std::array<std::string_view, 6> kWays{"ui",       "function",     "event",
                                                "schedule", "preUninstall", "authPush"};
/// Largest answer that reaches a browser (contract 1.5).
constexpr std::size_t kMostAnswerBytes = std::size_t{5} * 1024 * 1024;

bool is_success(int status) noexcept { return status >= 200 && status < 300; }

json::object headers_of(const HttpResponse& response) {
  json::object headers;
  for (const auto& header : response.headers) {
    json::value& value = headers[detail::to_lower(header.name)];
    if (value.is_null()) {
      value = header.value;
    } else {
      value =
          std::string(value.get_string()) + "," + header.value;  // as the bridge joins them (contract 1.4.5)
    }
  }
  return headers;
}

bool is_json_type(std::string_view content_type) noexcept {
  return detail::trim(detail::to_lower(content_type.substr(0, content_type.find(';')))) == "application/json";
}

json::object failure(std::string message) { return {{"error", std::move(message)}}; }

json::object no_answer(const Outcome& outcome) {
  if (outcome.kind == Outcome::Kind::timed_out) {
    return failure("Remote invocation timed out after " +
                   std::to_string(std::chrono::round<std::chrono::seconds>(outcome.duration).count()) +
                   " seconds");
  }
  return failure("Invalid response from remote - remote network error");
}

/// The body as JSON if it is that, else as text; null if there is none.
json::value body_of(const HttpResponse& response) {
  if (response.body.empty()) return nullptr;
  auto parsed = parse_json(response.body);
  if (auto* value = std::get_if<json::value>(&parsed)) return std::move(*value);
  return json::string(response.body);
}

json::object answer_of(const HttpResponse& response) {
  return {{"status", response.status}, {"headers", headers_of(response)}, {"body", body_of(response)}};
}

}  // namespace

std::string_view to_string(Way way) noexcept { return kWays[static_cast<std::size_t>(way)]; }

Millis time_limit(Way way) noexcept {
  switch (way) {
    case Way::ui:
    case Way::function:
      return std::chrono::seconds(25);
    case Way::event:
    case Way::schedule:
    case Way::auth_push:
      return std::chrono::seconds(5);
    case Way::pre_uninstall:
      return std::chrono::seconds(55);
  }
  return std::chrono::seconds(25);
}

std::int64_t retries(Way way, const Behaviour& behaviour) noexcept {
  if (way == Way::event) return behaviour.event_retries;
  return way == Way::schedule ? behaviour.schedule_retries : 0;
}

void add_facts(json::object& to, const Message& message) {
  to["way"] = to_string(message.way);
  to["installationId"] = message.installation;
  to["module"] = message.module_key;
  to["remote"] = message.remote;
  to["method"] = message.method;
  to["url"] = message.url;
  if (!message.event.empty()) to["event"] = message.event;
}

std::optional<std::string_view> retry_reason(const Outcome& outcome) noexcept {
  if (outcome.kind == Outcome::Kind::timed_out) return "TIMEOUT_ERROR";
  if (outcome.kind == Outcome::Kind::answered && is_success(outcome.response.status)) return std::nullopt;
  if (outcome.kind == Outcome::Kind::answered && outcome.response.status == 401) {
    return "INVALID_FORGE_INVOCATION_TOKEN";
  }
  return "INVALID_REMOTE_INVOCATION_ERROR";
}

json::object ui_view(const Outcome& outcome) {
  if (outcome.kind != Outcome::Kind::answered) return no_answer(outcome);
  const HttpResponse& response = outcome.response;
  if (response.body.size() > kMostAnswerBytes) return failure("An unexpected error happened");
  if (is_success(response.status)) return answer_of(response);
  const std::string status = ". Status: " + std::to_string(response.status) + ".";
  const std::string_view type = response.header("content-type");
  if (response.status == 401) return failure("Remote could not verify the Forge Invocation Token");
  if (!type.empty() && !is_json_type(type)) {
    return failure(
        "Invalid response from remote - content-type header must be set to application/json and is "
        "currently: " +
        std::string(type) + status);
  }
  if (!std::holds_alternative<json::value>(parse_json(response.body))) {
    return failure("Invalid response from remote - cannot parse body as JSON" + status);
  }
  return answer_of(response);
}

json::object function_view(const Outcome& outcome) {
  return outcome.kind == Outcome::Kind::answered ? answer_of(outcome.response) : no_answer(outcome);
}

json::value with_retry_context(json::value body, std::int64_t count, std::string_view reason) {
  json::object* target = body.if_object();
  if (target == nullptr) return body;
  if (json::value* payload = target->if_contains("payload");
      payload != nullptr && !target->contains("eventType")) {
    target = payload->if_object() != nullptr ? payload->if_object() : target;
  }
  (*target)["retryContext"] = {{"retryCount", count}, {"retryReason", reason}, {"retryData", nullptr}};
  return body;
}

}  // namespace tongs::emulator
