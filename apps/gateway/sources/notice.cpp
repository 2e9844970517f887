#include "gateway/sources/notice.hpp"

#include <tongs/ids.hpp>
#include <tongs/json.hpp>

namespace tongs::gateway {

namespace {

constexpr JsonDocument::Limits kLimits{.max_bytes = kMaxNotice, .max_depth = 32, .unique_names = true};

/// Where the members of an event are.
JsonView event_in(JsonView root) noexcept {
  const JsonView wrapped = root["payload"];
  const bool is_wrapped = !root["eventType"].exists() && wrapped.kind() == JsonView::Kind::object;
  return is_wrapped ? wrapped : root;
}

}  // namespace

Result<Notice> read_notice(std::string_view body, const InstallationId& proven) {
  if (body.empty()) return Notice{};
  const auto document = JsonDocument::parse(body, kLimits);
  if (!document || document->root().kind() != JsonView::Kind::object) {
    return Error(Errc::malformed_response, "the body is no JSON object");
  }
  const JsonView event = event_in(document->root());
  Notice notice{.event = std::string(event["eventType"].string_or("")),
                .auth_trigger_url = Secret(event["authTriggerUrl"].string_or(""))};
  const JsonView named = event[notice.event.starts_with("avi:forge:") ? "id" : "installationId"];
  if (!named.exists()) return notice;
  const auto id = InstallationId::parse(named.string_or(""));
  notice.misplaced = !id || *id != proven;
  return notice;
}

bool is_trigger_call(const VerifiedInvocation& invocation) {
  const auto claims = JsonDocument::parse(invocation.claims_json());
  return claims && !invocation.account() &&
         claims->root().at("context", "moduleKey").string_or("") == invocation.claims().module_key &&
         !invocation.claims().module_key.empty();
}

}  // namespace tongs::gateway
