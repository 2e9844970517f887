#include "cli/admin_client.hpp"

#include <chrono>
#include <ostream>
#include <utility>

#include "cli/exit_status.hpp"
#include "cli/transport.hpp"
#include "http/url.hpp"
#include "vault/files.hpp"

namespace tongs::cli {

namespace {

constexpr std::chrono::seconds kPatience{30};

Error refusal(const HttpResponse& answer) {
  RemoteDetail detail;
  detail.http_status = answer.status;
  if (const auto problem = JsonDocument::parse(answer.body)) {
    const auto text = (*problem)["detail"].string_or("");
    if (!text.empty()) detail.messages.emplace_back(text);
  }
  const auto because = [&](Errc code, std::string_view message) {
    return Error(code, std::string(message)).with_remote(std::move(detail));
  };
  if (answer.status == 401) {
    return because(Errc::forbidden,
                   "the admin token is not the one of this gateway: name its file with --admin-token");
  }
  if (answer.status == 404) return because(Errc::not_found, "the gateway knows nothing of that name");
  return because(Errc::rejected, "the gateway refuses");
}

}  // namespace

AdminClient::AdminClient(std::string base, Secret token, std::shared_ptr<const Transport> transport)
    : base_(std::move(base)), token_(std::move(token)), transport_(std::move(transport)) {}

Result<AdminClient> AdminClient::create(const AdminOptions& options) {
  const auto url = detail::parse_base_url(options.url);
  if (!url)
    return Error(Errc::invalid_argument, "--admin must be https, or on this machine").with_cause(url.error());
  auto token = vault::read_private_file(options.token_file, vault::Guard::mode);
  if (!token) return std::move(token).error();
  std::string_view text = token->reveal();
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  auto transport = make_transport();
  if (!transport) return std::move(transport).error();
  return AdminClient(detail::origin(*url), Secret(text), *std::move(transport));
}

Result<JsonDocument> AdminClient::send(std::string_view method, std::string_view path,
                                       std::string body) const {
  HttpRequest request{
      .method = std::string(method), .url = base_ + std::string(path), .body = std::move(body)};
  std::string authorization = "Bearer ";
  authorization.append(token_.reveal());
  request.headers.push_back({"authorization", std::move(authorization), true});
  if (!request.body.empty()) request.headers.push_back({"content-type", "application/json"});
  const auto answer = transport_->send(request, CallOptions::within(kPatience));
  wipe(request.headers.front().value);
  if (!answer) return answer.error();
  if (answer->status < 200 || answer->status > 299) return refusal(*answer);
  return JsonDocument::parse(answer->body);
}

int report_admin_error(const Error& error, Terminal& terminal) {
  terminal.err() << "tongs: " << error.describe() << " [" << to_string(error.code()) << "]\n";
  if (const RemoteDetail* remote = error.remote()) {
    for (const auto& message : remote->messages) terminal.err() << "  " << printable(message) << "\n";
    return kFailure;
  }
  if (error.code() == Errc::transport_failed) {
    terminal.err() << "  is the gateway running, and is --admin its address?\n";
  }
  switch (error.code()) {
    case Errc::invalid_argument:
    case Errc::not_found:
    case Errc::forbidden:
      return kUsage;  // found before anything was sent
    default:
      return kFailure;
  }
}

}  // namespace tongs::cli
