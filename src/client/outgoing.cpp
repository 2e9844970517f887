#include "client/outgoing.hpp"

#include <algorithm>
#include <utility>

#include <tongs/secret.hpp>

#include "client/path_template.hpp"
#include "http/header_rules.hpp"

namespace tongs::detail {

namespace {

/// Visible ASCII, which covers every token of RFC 6750 2.1.
bool is_credential(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

Result<void> check_caller_headers(const std::vector<Header>& headers) {
  const auto is_ours = [](const Header& header) { return is_reserved(header.name); };
  if (std::any_of(headers.begin(), headers.end(), is_ours)) {
    return Error(
        Errc::invalid_argument,
        "credentials, host and framing headers are set by the adapter: remove them from the request");
  }
  return check_headers(headers);
}

void add_default(std::vector<Header>& headers, const char* name, const char* value) {
  const auto is_same = [&](const Header& header) { return same_header_name(header.name, name); };
  if (std::none_of(headers.begin(), headers.end(), is_same)) headers.push_back({name, value});
}

}  // namespace

Outgoing::~Outgoing() {
  for (Header& header : request_.headers) {
    if (header.sensitive) wipe(header.value);
  }
}

Result<void> Outgoing::authorise(std::string_view name, std::string_view scheme,
                                 std::string_view credential) {
  if (!is_credential(credential)) {
    return Error(Errc::invalid_argument, "the token is empty or holds a byte that no header may hold");
  }
  Header& header = request_.headers.emplace_back(Header{std::string(name), {}, true});
  header.value.reserve(scheme.size() + credential.size());
  header.value.append(scheme).append(credential);
  return {};
}

Result<Outgoing> address(const Url& base, const ApiRequest& request) {
  if (auto fine = check_caller_headers(request.headers); !fine) return fine.error();
  auto target = encode_target(request);
  if (!target) return target.error();
  auto url = join(base, *target);
  if (!url) return url.error();
  HttpRequest outgoing{request.method, std::move(*url), request.headers, request.body.value_or("")};
  add_default(outgoing.headers, "accept", "application/json");
  if (request.body) add_default(outgoing.headers, "content-type", "application/json");
  return Outgoing(std::move(outgoing));
}

}  // namespace tongs::detail
