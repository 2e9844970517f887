#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/egress/pauses.hpp"
#include "gateway/egress/quota_report.hpp"
#include "http/ascii.hpp"

using namespace tongs;
using namespace tongs::gateway;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

constexpr WallTime kNow{std::chrono::seconds(2'000'000'000)};

struct Header {
  std::string name, value;
  bool is_beta() const {
    const std::string lower = detail::to_lower(name);
    return lower.starts_with("beta-") || lower.starts_with("x-beta-");
  }
};
using Headers = std::vector<Header>;

QuotaReport report_of(int status, const Headers& headers) {
  net::ResponseHead head;
  head.status = status;
  for (const Header& header : headers) head.fields.list.push_back({header.name, header.value});
  return QuotaReport::of(head, kNow);
}

bool same(const Quota& a, const Quota& b) { return a.left == b.left && a.near_limit == b.near_limit; }
bool same(const QuotaReport& a, const QuotaReport& b) {
  return same(a.now, b.now) && same(a.announced, b.announced) && a.reason == b.reason && a.wait == b.wait;
}
bool says_nothing(const Quota& quota) { return same(quota, {}); }

Headers without(Headers headers, auto which) {
  std::erase_if(headers, which);
  return headers;
}

/// `NAME:VALUE` in each line, after one with the status.
Headers headers_in(std::string_view text) {
  Headers headers;
  while (!text.empty() && headers.size() < 32) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) continue;
    headers.push_back(
        {std::string(line.substr(0, colon)), std::string(detail::trim(line.substr(colon + 1)))});
  }
  return headers;
}

void check_bounds(int status, const QuotaReport& report) {
  for (const Quota* quota : {&report.now, &report.announced}) {
    require(!quota->left || (std::isfinite(*quota->left) && *quota->left >= 0 && *quota->left <= 1));
  }
  require(!report.wait || status == 429 || status == 503);
  require(!report.wait || report.wait->count() >= 0);
}

/// What is only announced changes nothing of what holds, and the other way round.
void check_families(int status, const Headers& headers, const QuotaReport& report) {
  const auto held = report_of(status, without(headers, [](const Header& h) { return h.is_beta(); }));
  require(same(held.now, report.now) && held.reason == report.reason && held.wait == report.wait);
  require(says_nothing(held.announced));
  const auto beta = report_of(status, without(headers, [](const Header& h) { return !h.is_beta(); }));
  require(same(beta.announced, report.announced) && says_nothing(beta.now));
  require(!beta.wait && beta.reason == LimitReason::unstated);
}

/// Names are told apart by their letters alone, whatever other headers stand between.
void check_spelling(int status, Headers headers, const QuotaReport& report) {
  for (Header& header : headers) {
    for (char& c : header.name) {
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
  }
  require(same(report_of(status, headers), report));
  headers.insert(headers.begin(), {"X-RateLimit", "0"});
  headers.push_back({"Retry-Afterwards", "1"});
  require(same(report_of(status, headers), report));
}

/// Nobody but Atlassian's own words stop a whole app.
void check_reason(const Headers& headers, const QuotaReport& report) {
  if (report.reason != LimitReason::global_quota) return;
  require(std::ranges::any_of(headers, [](const Header& header) {
    const std::string name = detail::to_lower(header.name);
    return (name == "ratelimit-reason" && header.value.find("quota-global") != std::string::npos) ||
           (name == "ratelimit" && header.value.find("\"global-app-quota\"") != std::string::npos);
  }));
}

/// A pause that comes of it is the caller's own, or his app's, and ends within the hour.
void check_pause(const QuotaReport& report) {
  if (!report.wait) return;
  const auto own = InstallationId::parse("own").value(), other = InstallationId::parse("other").value();
  const auto app = AppId::parse("8db33809-1f32-48bb-8c52-5877dab48107").value(),
             foreign = AppId::parse("1db33809-1f32-48bb-8c52-5877dab48107").value();
  const MonoTime now{std::chrono::hours(1000)};
  Pauses pauses;
  pauses.pause(own, Api::jira, *report.wait, Pauses::Cause::limit, now);
  require(pauses.now(own, app, Api::jira, now).has_value() == (report.wait->count() > 0));
  require(!pauses.now(own, app, Api::jira, now + std::chrono::hours(1)));
  require(!pauses.now(other, app, Api::jira, now) && !pauses.now(own, app, Api::confluence, now));
  pauses.pause(app, Api::jira, *report.wait, Pauses::Cause::limit, now);
  require(pauses.now(other, app, Api::jira, now).has_value() == (report.wait->count() > 0));
  require(!pauses.now(other, app, Api::jira, now + std::chrono::hours(1)));
  require(!pauses.now(other, foreign, Api::jira, now));
}

}  // namespace

/// Whatever the rate-limit headers of an answer say, what is made of them stays within its bounds.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string_view first = text.substr(0, text.find('\n'));
  const int status = first == "429" ? 429 : first == "503" ? 503 : 200;
  const Headers headers = headers_in(text.substr(std::min(first.size() + 1, text.size())));
  const QuotaReport report = report_of(status, headers);
  check_bounds(status, report);
  check_families(status, headers, report);
  check_spelling(status, headers, report);
  check_reason(headers, report);
  check_pause(report);
  return 0;
}
