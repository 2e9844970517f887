#pragma once
#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>

#include "support/wire.hpp"

namespace tongs::test {

namespace detail {

/// A field's name as it arrives in backends that read `_` as `-`.
inline std::string variable(const std::string& name) {
  std::string folded = wire::lower(name);
  std::replace(folded.begin(), folded.end(), '_', '-');
  return folded;
}

/// Only the gateway says these, once and in one spelling.
inline bool is_ours(const std::string& variable_name) {
  constexpr std::array<std::string_view, 20> names = {
      "forge-installation-id", "forge-app-id",     "forge-environment",
      "forge-module",          "forge-account-id", "forge-cloud-id",
      "forge-api-base-url",    "forge-invocation", "x-forge-oauth-system",
      "x-forge-oauth-user",    "x-forwarded-for",  "x-forwarded-host",
      "x-forwarded-proto",     "forwarded",        "x-b3-traceid",
      "x-b3-spanid",           "traceparent",      "host",
      "content-length",        "transfer-encoding"};
  return std::ranges::find(names, variable_name) != names.end();
}

}  // namespace detail

/// What is wrong with a request that the gateway sent to a backend; empty: nothing. Of one that was cut
/// short, everything but its end must be right. What no backend may ever see says `evil` in the tests.
inline std::string fault_in_forwarded(const wire::Message& request) {
  constexpr std::array<std::string_view, 8> hop_by_hop = {
      "connection", "keep-alive", "proxy-connection", "te",
      "trailer",    "upgrade",    "expect",           "proxy-authorization"};
  if (request.state == wire::State::wrong) return request.complaint;
  if (request.framing.empty()) return {};  // cut short in its head
  if (request.state == wire::State::whole && request.raw != written(request)) return "it is not canonical";
  if (request.start[2] != "HTTP/1.1") return "another version";
  if (request.raw.find("evil") != std::string::npos) return "it holds what must not pass";
  std::map<std::string, int> seen;
  for (const wire::Line& line : request.fields) {
    const std::string name = detail::variable(line.name);
    if (std::ranges::find(hop_by_hop, name) != hop_by_hop.end()) return "it holds " + name;
    if (detail::is_ours(name) && line.name.find('_') != std::string::npos)
      return "another spelling of " + name;
    if (detail::is_ours(name) && ++seen[name] > 1) return "there are two of " + name;
  }
  for (const char* const name : {"forge-installation-id", "forge-app-id", "forge-invocation"}) {
    if (seen[name] != 1) return std::string("it lacks ") + name;
  }
  return {};
}

}  // namespace tongs::test
