#include "emulator/faults/fault_json.hpp"

#include <chrono>
#include <deque>
#include <string>
#include <utility>

#include "emulator/base/json_text.hpp"
#include "http/header_rules.hpp"

namespace tongs::emulator {

namespace {

/// More than anybody will ever make.
constexpr std::int64_t kMostMade = 1LL << 52;

FaultMatch read_match(Members& members) {
  FaultMatch match;
  if (const auto target = members.text("target")) {
    for (const auto known : {FaultTarget::jwks, FaultTarget::graphql, FaultTarget::products,
                             FaultTarget::auth_trigger, FaultTarget::oauth, FaultTarget::deliveries}) {
      if (to_string(known) == *target) match.target = known;
    }
    if (!match.target)
      members.refuse("target", "must be jwks, graphql, products, auth-trigger, oauth or deliveries");
  }
  match.method = members.text("method").value_or("");
  match.path = members.text("path").value_or("");
  match.operation = members.text("operation").value_or("");
  match.module = members.text("module").value_or("");
  match.remote = members.text("remote").value_or("");
  return match;
}

Millis read_delay(Members& members) {
  const json::value* value = members.any("delay");
  if (value == nullptr) return Millis(0);
  const auto delay = value->is_string() ? parse_duration(value->get_string())
                     : value->is_int64() && value->get_int64() >= 0 && value->get_int64() <= 3600
                         ? std::optional<Millis>(std::chrono::seconds(value->get_int64()))
                         : std::nullopt;
  if (!delay || *delay > std::chrono::hours(1)) {
    members.refuse("delay", "must be seconds, or a duration such as \"250ms\"; at most one hour");
  }
  return delay.value_or(Millis(0));
}

std::vector<Header> read_headers(Members& members) {
  std::vector<Header> headers;
  const json::object* given = members.object("headers");
  if (given == nullptr) return headers;
  for (const auto& [name, value] : *given) {
    if (!value.is_string() || !detail::is_token(name) || !detail::is_field_value(value.get_string())) {
      members.refuse("headers", "must hold header names and their values as strings");
      return {};
    }
    headers.push_back({std::string(name), std::string(value.get_string())});
  }
  return headers;
}

/// The 429 of the product APIs with all families of its headers (contract 7.4.2).
void read_rate_limit(Members& members, FaultAction& action) {
  const auto reason = members.text("reason").value_or("jira-burst-based");
  const auto wait = members.integer("retryAfterSeconds", 0, 86400).value_or(5);
  const auto seconds = std::to_string(wait);
  action.status = 429;
  action.headers.insert(action.headers.end(), {{"Retry-After", seconds},
                                               {"RateLimit-Reason", reason},
                                               {"X-RateLimit-Limit", "100"},
                                               {"X-RateLimit-Remaining", "0"},
                                               {"X-RateLimit-NearLimit", "true"},
                                               {"RateLimit", "\"" + reason + "\";r=0;t=" + seconds},
                                               {"RateLimit-Policy", "\"" + reason + "\";q=100;w=60"}});
  if (!action.body) action.body = R"({"errorMessages":["Rate limit exceeded."],"errors":{}})";
}

FaultAction read_action(Members& members) {
  FaultAction action;
  action.delay = read_delay(members);
  action.reset = members.boolean("reset").value_or(false);
  if (const auto status = members.integer("status", 200, 599)) action.status = static_cast<int>(*status);
  action.headers = read_headers(members);
  if (const json::value* body = members.any("body")) {
    action.body = body->is_string() ? std::string(body->get_string()) : json_text(*body);
  }
  action.malformed = members.boolean("malformed").value_or(false);
  if (const auto bytes = members.integer("truncateAfter", 0, 1LL << 30)) {
    action.truncate_after = static_cast<std::size_t>(*bytes);
  }
  members.nested("rateLimit", [&](Members& limit) { read_rate_limit(limit, action); });
  if (const auto flaw = members.text("fit")) {
    const auto known = parse_fit_flaw(*flaw);
    if (!known) {
      members.refuse(
          "fit",
          "must be expired, not-yet-valid, wrong-audience, wrong-issuer, wrong-signature, unknown-key "
          "or no-signature");
    }
    action.fit = known.value_or(FitFlaw::none);
  }
  if (const auto token = members.text("token")) {
    action.stale_token = *token == "stale";
    action.without_token = *token == "missing";
    action.token = *token == "expired"  ? TokenFlaw::expired
                   : *token == "short"  ? TokenFlaw::brief
                   : *token == "opaque" ? TokenFlaw::opaque
                                        : TokenFlaw::none;
    if (!action.stale_token && !action.without_token && action.token == TokenFlaw::none) {
      members.refuse("token", "must be stale, missing, expired, short or opaque");
    }
  }
  if (const auto installation = members.text("installation")) {
    action.foreign = *installation == "other";
    if (!action.foreign) members.refuse("installation", "must be other");
  }
  action.duplicate = members.boolean("duplicate").value_or(false);
  return action;
}

bool changes_delivery(const FaultAction& action) noexcept {
  return action.fit != FitFlaw::none || action.stale_token || action.without_token || action.duplicate ||
         action.token != TokenFlaw::none || action.foreign;
}

bool changes_answer(const FaultAction& action) noexcept {
  return action.malformed || action.truncate_after.has_value();
}

}  // namespace

FaultWish read_fault(Members& members) {
  FaultWish wish;
  members.nested("match", [&](Members& match) { wish.match = read_match(match); });
  members.nested("action", [&](Members& action) { wish.action = read_action(action); });
  wish.count = members.integer("count", 1, 1'000'000).value_or(1);
  const FaultAction& action = wish.action;
  if (!changes_delivery(action) && !changes_answer(action) && !action.reset && !action.status &&
      action.delay == Millis(0)) {
    members.refuse(
        "action",
        "must say what goes wrong: delay, reset, status, malformed, truncateAfter or rateLimit, or for "
        "deliveries fit, token, installation or duplicate");
  }
  if (changes_delivery(action) && !wish.match.target) wish.match.target = FaultTarget::deliveries;
  if (changes_delivery(action) && wish.match.target != FaultTarget::deliveries) {
    members.refuse("action", "fit, token, installation and duplicate exist for the target deliveries only");
  }
  if (changes_answer(action) && wish.match.target == FaultTarget::deliveries) {
    members.refuse("action", "the answer to a delivery is the remote's own: use status or reset");
  }
  return wish;
}

json::object to_json(const Fault& fault) {
  json::object out{{"id", fault.id},
                   {"count", fault.count},
                   {"consumed", fault.consumed},
                   {"remaining", fault.count - fault.consumed},
                   {"completed", fault.completed()}};
  for (const auto* name : {"match", "action"}) {
    if (const auto* asked = fault.asked.if_contains(name)) out[name] = *asked;
  }
  return out;
}

json::object to_json(const FaultBook& faults) {
  json::array all;
  for (const auto& fault : faults.all()) {
    all.push_back(json::object{{"id", fault.id}, {"asked", fault.asked}, {"consumed", fault.consumed}});
  }
  return {{"made", faults.made()}, {"all", std::move(all)}};
}

void read_faults(Members& members, FaultBook& faults) {
  std::deque<Fault> all;
  members.objects("all", [&](Members& saved) {
    FaultWish wish;
    const json::object* asked = saved.object("asked");
    if (asked == nullptr) return saved.refuse("asked", "is required");
    saved.nested("asked", [&](Members& wanted) { wish = read_fault(wanted); });
    all.push_back({.id = saved.required_text("id"),
                   .match = std::move(wish.match),
                   .action = std::move(wish.action),
                   .asked = *asked,
                   .count = wish.count,
                   .consumed = saved.integer("consumed", 0, wish.count).value_or(0)});
  });
  faults.restore(std::move(all), members.integer("made", 0, kMostMade).value_or(0));
}

}  // namespace tongs::emulator
