#include "cli/admin_call.hpp"

#include <chrono>
#include <ostream>
#include <utility>

#include <tongs/http.hpp>
#include <tongs/secret.hpp>

#include "cli/error_print.hpp"
#include "cli/exit_status.hpp"
#include "cli/input.hpp"
#include "cli/transport.hpp"
#include "http/url.hpp"

namespace tongs::cli {

namespace {

constexpr std::chrono::seconds kPatience{15};
constexpr std::size_t kLongestToken = 1024;

Error usage(std::string message) { return {Errc::invalid_argument, std::move(message)}; }

Result<Secret> read_token(const std::string& file) {
  auto text = read_input(file, kLongestToken + 2);
  if (!text) return usage("--admin-token: " + std::string(text.error().message()));
  while (text->ends_with('\n') || text->ends_with('\r')) text->pop_back();
  if (text->empty() || text->size() > kLongestToken) {
    wipe(*text);
    return usage("--admin-token: the file holds no token");
  }
  return Secret::take(*std::move(text));
}

Result<std::string> url_of(const AdminPlace& place, const AdminCall& call) {
  auto base = detail::parse_base_url(place.url);
  if (!base) return usage("--admin: " + std::string(base.error().message()));
  std::string path = "/v1";
  for (const std::string& segment : call.path) {
    if (segment.empty()) return usage("an id is empty");
    path.append("/").append(detail::percent_encode(segment));
  }
  return detail::join(*base, path);
}

/// What the gateway said (RFC 9457).
Error refused(const HttpResponse& answer) {
  RemoteDetail remote;
  remote.http_status = answer.status;
  const auto document = JsonDocument::parse(answer.body);
  if (document) remote.messages.emplace_back((*document)["detail"].string_or({}));
  const char* what = answer.status == 401   ? "the gateway does not take this token"
                     : answer.status == 404 ? "the gateway knows no such thing"
                                            : "the gateway refused the call";
  const Errc code = answer.status == 401   ? Errc::rejected
                    : answer.status == 404 ? Errc::not_found
                                           : Errc::unexpected_status;
  return Error(code, what).with_remote(std::move(remote));
}

}  // namespace

Result<AdminAnswer> call_admin(const AdminPlace& place, const AdminCall& call) {
  auto url = url_of(place, call);
  if (!url) return std::move(url).error();
  const auto token = read_token(place.token_file);
  if (!token) return token.error();
  const auto transport = make_transport();
  if (!transport) return transport.error();
  const HttpRequest request{.method = call.method,
                            .url = *std::move(url),
                            .headers = {{"authorization", "Bearer " + std::string(token->reveal()), true}},
                            .body = call.body};
  const auto answer = (*transport)->send(request, CallOptions::within(kPatience));
  if (!answer) return Error(answer.error()).with_remote({});  // it was sent, whatever is wrong with it
  if (answer->status >= 300) return refused(*answer);
  if (answer->body.empty()) return AdminAnswer(std::nullopt);
  auto document = JsonDocument::parse(answer->body);
  if (!document) return std::move(document).error();
  return AdminAnswer(*std::move(document));
}

int report_admin_failure(const Error& error, Terminal& terminal) {
  if (is_usage_error(error)) {
    terminal.err() << "tongs: " << error.describe() << "\n";
    return kUsage;
  }
  print_error(error, terminal);
  return kFailure;
}

}  // namespace tongs::cli
