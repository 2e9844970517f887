#include "gateway/egress/quota_report.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <tongs/http.hpp>

#include "http/ascii.hpp"
#include "http/rate_limit.hpp"

namespace tongs::gateway {

namespace {

bool starts_with(std::string_view name, std::string_view prefix) noexcept {
  return name.size() >= prefix.size() && same_header_name(name.substr(0, prefix.size()), prefix);
}

std::optional<double> number(std::string_view text) noexcept {
  text = detail::trim(text);
  std::uint64_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return static_cast<double>(value);
}

void take_share(Quota& into, std::optional<double> left, std::optional<double> of) noexcept {
  if (!left || !of || *of <= 0) return;
  const double share = std::min(1.0, *left / *of);
  into.left = std::min(into.left.value_or(share), share);
}

/// The number of a parameter such as `;r=17`.
std::optional<double> parameter(std::string_view member, std::string_view name) noexcept {
  while (!member.empty()) {
    const auto end = std::min(member.find(';'), member.size());
    const std::string_view piece = detail::trim(member.substr(0, end));
    if (piece.starts_with(name)) return number(piece.substr(name.size()));
    member.remove_prefix(std::min(end + 1, member.size()));
  }
  return std::nullopt;
}

/// More than there are quotas.
constexpr int kMostMembers = 32;

/// Calls `use(member)` for each of the members between commas.
template <class Use>
void for_each_member(std::string_view value, Use use) {
  for (int count = 0; count < kMostMembers && !value.empty(); ++count) {
    const auto end = std::min(value.find(','), value.size());
    use(detail::trim(value.substr(0, end)));
    value.remove_prefix(std::min(end + 1, value.size()));
  }
}

/// Is nothing left of the one quota that all installations of the app share (contract 7.4.2)?
bool has_spent_apps_quota(std::string_view value) noexcept {
  bool spent = false;
  for_each_member(value, [&](std::string_view member) {
    spent = spent || (member.starts_with("\"global-app-quota\"") && parameter(member, "r=") == 0);
  });
  return spent;
}

LimitReason reason_of(std::string_view text) noexcept {
  constexpr std::array<std::pair<std::string_view, LimitReason>, 4> known = {
      {{"quota-global", LimitReason::global_quota},
       {"quota-tenant", LimitReason::tenant_quota},
       {"burst", LimitReason::burst},
       {"per-issue-on-write", LimitReason::writes}}};
  for (const auto& [part, reason] : known) {
    if (text.find(part) != std::string_view::npos) return reason;
  }
  return text.empty() ? LimitReason::unstated : LimitReason::other;
}

/// A header apart from its family. What is only announced is `Beta-X-RateLimit-…` or, as answers really have
/// it, `X-Beta-RateLimit-…`.
struct Name {
  std::string_view text;
  bool announced;

  static Name of(std::string_view field) noexcept {
    for (const std::string_view prefix : {"beta-x-", "x-beta-", "beta-"}) {
      if (starts_with(field, prefix)) return {field.substr(prefix.size()), true};
    }
    return {field.substr(starts_with(field, "x-") ? 2 : 0), false};
  }
  bool is(std::string_view wanted) const noexcept { return same_header_name(text, wanted); }
};

/// How much the policy of this name allows, as `RateLimit-Policy` of the same family says it.
std::optional<double> allowed_by(std::string_view policy, const net::ResponseHead& answer, bool announced) {
  std::optional<double> allowed;
  for (const net::Field& field : answer.fields) {
    const Name name = Name::of(field.name);
    if (name.announced != announced || !name.is("ratelimit-policy")) continue;
    for_each_member(field.value, [&](std::string_view member) {
      if (member.substr(0, member.find(';')) == policy) allowed = parameter(member, "q=");
    });
  }
  return allowed;
}

/// `"global-app-quota";r=123;t=1200`, several of them with commas between. How much there is in all stands in
/// `RateLimit-Policy`, `"global-app-quota";q=65000;w=3600`, or beside it.
void take_structured(Quota& into, std::string_view value, const net::ResponseHead& answer, bool announced) {
  for_each_member(value, [&](std::string_view member) {
    const auto beside = parameter(member, "q=");
    const auto allowed = beside ? beside : allowed_by(member.substr(0, member.find(';')), answer, announced);
    take_share(into, parameter(member, "r="), allowed);
  });
}

/// What the headers of one family say.
Quota quota_in(const net::ResponseHead& answer, bool announced) {
  Quota quota;
  std::optional<double> limit, remaining;
  for (const net::Field& field : answer.fields) {
    const Name name = Name::of(field.name);
    if (name.announced != announced || !starts_with(name.text, "ratelimit")) continue;
    if (name.is("ratelimit-limit")) limit = number(field.value);
    if (name.is("ratelimit-remaining")) remaining = number(field.value);
    if (name.is("ratelimit-nearlimit"))
      quota.near_limit = same_header_name(detail::trim(field.value), "true");
    if (name.is("ratelimit")) take_structured(quota, field.value, answer, announced);
  }
  take_share(quota, remaining, limit);
  return quota;
}

std::optional<std::chrono::milliseconds> wait_of(const net::ResponseHead& answer, WallTime now) {
  HttpResponse said{.status = answer.status, .headers = {}, .body = {}};
  for (const net::Field& field : answer.fields) {
    said.headers.push_back({std::string(field.name), std::string(field.value)});
  }
  return detail::asked_wait(said, now);
}

}  // namespace

std::string_view to_string(LimitReason reason) noexcept {
  constexpr std::array<std::string_view, kLimitReasons> names = {"unstated", "global_quota", "tenant_quota",
                                                                 "burst",    "writes",       "other"};
  return names[static_cast<std::size_t>(reason)];
}

QuotaReport QuotaReport::of(const net::ResponseHead& answer, WallTime now) {
  QuotaReport report;
  report.now = quota_in(answer, false);
  report.announced = quota_in(answer, true);
  bool spends_apps_quota = false;
  for (const net::Field& field : answer.fields) {
    if (same_header_name(field.name, "ratelimit-reason")) report.reason = reason_of(field.value);
    if (same_header_name(field.name, "ratelimit")) spends_apps_quota = has_spent_apps_quota(field.value);
  }
  const bool limited = answer.status == 429;
  if (limited && spends_apps_quota && report.reason == LimitReason::unstated) {
    report.reason = LimitReason::global_quota;
  }
  if (limited || answer.status == 503) report.wait = wait_of(answer, now);
  return report;
}

}  // namespace tongs::gateway
