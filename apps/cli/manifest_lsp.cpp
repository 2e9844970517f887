#include "cli/manifest_lsp.hpp"

#include <charconv>
#include <iostream>
#include <optional>
#include <string>

#include "cli/exit_status.hpp"
#include "cli/lsp_server.hpp"

namespace tongs::cli {

namespace {

constexpr std::size_t kMostBytes = 8 * 1024 * 1024;

/// The length in a line `Content-Length: 123`; none in any other.
std::optional<std::size_t> length_in(std::string_view line) {
  constexpr std::string_view name = "Content-Length: ";
  if (!line.starts_with(name)) return std::nullopt;
  std::size_t length = 0;
  const auto [end, failure] = std::from_chars(line.data() + name.size(), line.data() + line.size(), length);
  if (failure != std::errc() || length > kMostBytes) return std::nullopt;
  return length;
}

/// The next message without its header; none at the end of the input, or if the header makes no sense.
std::optional<std::string> read_message(std::istream& in) {
  std::optional<std::size_t> length;
  for (std::string line; std::getline(in, line);) {
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty()) break;
    if (const auto told = length_in(line)) length = told;
  }
  if (!length) return std::nullopt;
  std::string message(*length, '\0');
  if (!in.read(message.data(), static_cast<std::streamsize>(*length))) return std::nullopt;
  return message;
}

}  // namespace

int run_manifest_lsp(Terminal& terminal) {
  lsp::Server server;
  while (!server.ended()) {
    const auto message = read_message(std::cin);
    if (!message) {
      terminal.err() << "tongs: the editor is gone, or speaks no language server protocol\n";
      return kFailure;
    }
    for (const std::string& answer : server.handle(*message)) {
      terminal.out() << "Content-Length: " << answer.size() << "\r\n\r\n" << answer << std::flush;
    }
  }
  return server.ended_well() ? kFine : kFindings;
}

}  // namespace tongs::cli
