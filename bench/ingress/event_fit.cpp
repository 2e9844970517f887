#include "event_fit.hpp"

#include <string_view>

#include <tongs/json.hpp>

namespace tongs::bench {

namespace {

constexpr std::string_view kCloudId = R"("d0d52620-3203-4cfa-8db5-f2587155f0dd")";
constexpr std::string_view kApiBaseUrl =
    R"("https://api.atlassian.com/ex/jira/d0d52620-3203-4cfa-8db5-f2587155f0dd")";

std::string seconds(WallTime time) { return std::to_string(time.time_since_epoch().count()); }

}  // namespace

std::string EventFit::json() const {
  std::string text;
  const auto add = [&text](std::string_view names, std::string_view value) {
    text.append(names).append(value);
  };
  const std::string app = json_quote(app_id), installation = json_quote(installation_id);
  add(R"({"app":{"id":)", app);
  add(R"(,"version":"16","appVersion":"16.0.1","installationId":)", installation);
  add(R"(,"apiBaseUrl":)", kApiBaseUrl);
  add(R"(,"installation":{"id":)", installation);
  add(R"(,"contexts":[{"name":"jira","apiBaseUrl":)", kApiBaseUrl);
  add(R"(,"cloudId":)", kCloudId);
  add(R"(}]},"environment":{"type":"PRODUCTION","id":)",
      R"("ari:cloud:ecosystem::environment/aa911f10-c54b-4b93-9e27-dd2947840b9e")");
  add(R"(},"module":{"type":"core:endpoint","key":"on-issue-event"}},"aud":)", app);
  add(R"(,"iss":)", json_quote(issuer));
  add(R"(,"iat":)", seconds(issued_at));
  add(R"(,"nbf":)", seconds(issued_at));
  add(R"(,"exp":)", seconds(issued_at + life));
  add(R"(,"jti":)", json_quote(jti));
  return text + '}';
}

}  // namespace tongs::bench
