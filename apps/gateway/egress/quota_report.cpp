#include "gateway/egress/quota_report.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <tongs/http.hpp>

#include "http/ascii.hpp"
#include "http/rate_limit.hpp"

namespace tongs::gateway {

namespace {

constexpr std::string_view kBeta = "beta-";

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

/// `"global-app-quota";q=65000;w=3600;r=123;t=1200`, several of them with commas between.
void take_structured(Quota& into, std::string_view value) noexcept {
  while (!value.empty()) {
    const auto end = std::min(value.find(','), value.size());
    const std::string_view member = value.substr(0, end);
    take_share(into, parameter(member, "r="), parameter(member, "q="));
    value.remove_prefix(std::min(end + 1, value.size()));
  }
}

/// Is nothing left of the one quota that all installations of the app share (contract 7.4.2)?
bool has_spent_apps_quota(std::string_view value) noexcept {
  while (!value.empty()) {
    const auto end = std::min(value.find(','), value.size());
    const std::string_view member = detail::trim(value.substr(0, end));
    if (member.starts_with("\"global-app-quota\"") && parameter(member, "r=") == 0) return true;
    value.remove_prefix(std::min(end + 1, value.size()));
  }
  return false;
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

/// The plain fields of one family.
struct Plain {
  std::optional<double> limit, remaining;
};

void take(Quota& into, Plain& plain, std::string_view name, std::string_view value) noexcept {
  if (same_header_name(name, "x-ratelimit-limit")) {
    plain.limit = number(value);
  } else if (same_header_name(name, "x-ratelimit-remaining")) {
    plain.remaining = number(value);
  } else if (same_header_name(name, "x-ratelimit-nearlimit")) {
    into.near_limit = same_header_name(detail::trim(value), "true");
  } else if (same_header_name(name, "ratelimit")) {
    take_structured(into, value);
  }
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
  Plain plain, announced;
  bool spends_apps_quota = false;
  for (const net::Field& field : answer.fields) {
    std::string_view name = field.name;
    if (starts_with(name, kBeta)) {
      take(report.announced, announced, name.substr(kBeta.size()), field.value);
    } else if (starts_with(name, "x-ratelimit-") || starts_with(name, "ratelimit")) {
      take(report.now, plain, name, field.value);
      if (same_header_name(name, "ratelimit-reason")) report.reason = reason_of(field.value);
      if (same_header_name(name, "ratelimit")) spends_apps_quota = has_spent_apps_quota(field.value);
    }
  }
  take_share(report.now, plain.remaining, plain.limit);
  take_share(report.announced, announced.remaining, announced.limit);
  const bool limited = answer.status == 429;
  if (limited && spends_apps_quota && report.reason == LimitReason::unstated) {
    report.reason = LimitReason::global_quota;
  }
  if (limited || answer.status == 503) report.wait = wait_of(answer, now);
  return report;
}

}  // namespace tongs::gateway
