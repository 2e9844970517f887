#include "cli/error_print.hpp"

#include <chrono>
#include <ostream>

namespace tongs::cli {

void print_error(const Error& error, Terminal& terminal) {
  terminal.err() << terminal.paint(Terminal::Style::red, "error") << ": " << error.describe() << " ["
                 << to_string(error.code()) << "]\n";
  if (const auto wait = error.retry_after())
    terminal.err() << "  again in " << std::chrono::ceil<std::chrono::seconds>(*wait).count() << " s\n";
  const RemoteDetail* remote = error.remote();
  if (remote == nullptr) return;
  if (remote->http_status != 0) terminal.err() << "  status " << remote->http_status << "\n";
  for (const auto& message : remote->messages) terminal.err() << "  " << printable(message) << "\n";
  for (const auto& [field, message] : remote->fields) {
    terminal.err() << "  " << printable(field) << ": " << printable(message) << "\n";
  }
  if (!remote->rate_limit_reason.empty())
    terminal.err() << "  rate limit: " << printable(remote->rate_limit_reason) << "\n";
  if (!remote->request_id.empty()) terminal.err() << "  request: " << printable(remote->request_id) << "\n";
}

bool is_usage_error(const Error& error) noexcept {
  return error.code() == Errc::invalid_argument && error.remote() == nullptr;
}

}  // namespace tongs::cli
