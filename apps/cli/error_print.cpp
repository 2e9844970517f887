#include "cli/error_print.hpp"

#include <ostream>

namespace tongs::cli {

void print_error(const Error& error, Terminal& terminal) {
  terminal.err() << terminal.paint(Terminal::Style::red, "error") << ": " << error.describe() << " ["
                 << to_string(error.code()) << "]\n";
  const RemoteDetail* remote = error.remote();
  if (remote == nullptr) return;
  if (remote->http_status != 0) terminal.err() << "  status " << remote->http_status << "\n";
  for (const auto& message : remote->messages) terminal.err() << "  " << printable(message) << "\n";
  for (const auto& [field, message] : remote->fields) {
    terminal.err() << "  " << printable(field) << ": " << printable(message) << "\n";
  }
}

bool is_usage_error(const Error& error) noexcept {
  return error.code() == Errc::invalid_argument && error.remote() == nullptr;
}

}  // namespace tongs::cli
