#include "emulator/api/call.hpp"

#include <algorithm>
#include <utility>

#include "common/net/response.hpp"
#include "common/number.hpp"
#include "emulator/base/json_text.hpp"

namespace tongs::emulator {

std::string_view ApiCall::header(std::string_view name) const noexcept {
  const auto found = std::find_if(headers.begin(), headers.end(),
                                  [&](const Header& header) { return same_header_name(header.name, name); });
  return found == headers.end() ? std::string_view() : std::string_view(found->value);
}

std::optional<std::string_view> ApiCall::parameter(std::string_view name) const noexcept {
  const auto found =
      std::find_if(query.begin(), query.end(), [&](const auto& pair) { return pair.first == name; });
  if (found == query.end()) return std::nullopt;
  return found->second;
}

std::optional<std::int64_t> ApiCall::count(std::string_view name, std::int64_t otherwise, std::int64_t least,
                                           std::int64_t most) const noexcept {
  const auto text = parameter(name);
  if (!text) return otherwise;
  const auto number = parse_whole(*text);
  if (!number) return std::nullopt;
  return std::clamp(*number, least, most);
}

std::vector<std::string> ApiCall::list(std::string_view name) const {
  std::vector<std::string> all;
  for (const auto& [key, value] : query) {
    if (key != name) continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      const auto comma = rest.find(',');
      if (comma != 0) all.emplace_back(rest.substr(0, comma));
      rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
    }
  }
  return all;
}

HttpResponse json_answer(int status, const json::value& body, std::vector<Header> headers) {
  headers.push_back({"content-type", "application/json"});
  return {status, std::move(headers), json_text(body)};
}

HttpResponse problem_answer(int status, std::string_view type, std::string_view detail) {
  return {status,
          {{"content-type", "application/problem+json"}},
          net::Response::problem(status, type, detail).body};
}

HttpResponse problem_answer(int status, const Problem& problem) {
  return problem_answer(status, status == 409 ? "conflict" : "invalid-request", problem.describe());
}

}  // namespace tongs::emulator
