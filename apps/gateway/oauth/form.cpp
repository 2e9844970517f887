#include "gateway/oauth/form.hpp"

#include <algorithm>

#include <tongs/secret.hpp>

#include "http/ascii.hpp"

namespace tongs::gateway::oauth {

namespace {

constexpr std::string_view kType = "application/x-www-form-urlencoded";
constexpr std::ptrdiff_t kMostParameters = 64;

Refusal malformed(std::string_view what) {
  return {.reason = Reason::malformed, .description = std::string(what)};
}

bool has_repeated_name(const detail::QueryPairs& pairs) {
  for (auto pair = pairs.begin(); pair != pairs.end(); ++pair) {
    const auto same = [&](const auto& other) { return other.first == pair->first; };
    if (std::any_of(std::next(pair), pairs.end(), same)) return true;
  }
  return false;
}

}  // namespace

std::optional<Refusal> Form::wrong_request(const net::RequestHead& request) {
  if (request.target.find('?') != std::string_view::npos) {
    return malformed("parameters belong in the body, not in the URL, which logs keep");
  }
  const auto type = request.fields.find("content-type").value_or("");
  if (detail::to_lower(detail::trim(type.substr(0, type.find(';')))) != kType) {
    return malformed("the body must be application/x-www-form-urlencoded");
  }
  return std::nullopt;
}

Outcome<Form> Form::parse(std::string&& body) {
  const bool too_many = std::count(body.begin(), body.end(), '&') >= kMostParameters;
  auto pairs = too_many ? std::nullopt : detail::parse_query(body);
  wipe(body);
  if (too_many) return malformed("there are more than 64 parameters");
  if (!pairs) return malformed("the body cannot be decoded");
  Form form(*std::move(pairs));
  if (has_repeated_name(form.pairs_)) return malformed("a parameter is there twice");
  return form;
}

Form::~Form() {
  for (auto& [name, value] : pairs_) wipe(value);
}

std::string_view Form::operator[](std::string_view name) const noexcept {
  for (const auto& [known, value] : pairs_) {
    if (known == name) return value;
  }
  return {};
}

}  // namespace tongs::gateway::oauth
