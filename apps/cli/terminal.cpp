#include "cli/terminal.hpp"

#include <array>
#include <cstdlib>
#include <iostream>

#include <sys/ioctl.h>
#include <unistd.h>

#include "base/utf8.hpp"

namespace tongs::cli {

namespace {

constexpr std::size_t kUsualWidth = 100;
constexpr std::size_t kLeastWidth = 40;

std::size_t width_of(int descriptor) {
  winsize size{};
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col < kLeastWidth) return kUsualWidth;
  return size.ws_col;
}

bool colour_is_wanted() {
  const char* no_colour = std::getenv("NO_COLOR");  // NOLINT(concurrency-mt-unsafe): before any thread starts
  const bool refused = no_colour != nullptr && *no_colour != '\0';
  return !refused && isatty(STDOUT_FILENO) == 1 && isatty(STDERR_FILENO) == 1;
}

std::uint32_t code_point(std::string_view character) noexcept {
  const auto byte = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(character[i]));
  };
  switch (character.size()) {
    case 2:
      return (byte(0) & 0x1f) << 6 | (byte(1) & 0x3f);
    case 3:
      return (byte(0) & 0x0f) << 12 | (byte(1) & 0x3f) << 6 | (byte(2) & 0x3f);
    case 4:
      return (byte(0) & 0x07) << 18 | (byte(1) & 0x3f) << 12 | (byte(2) & 0x3f) << 6 | (byte(3) & 0x3f);
    default:
      return byte(0);
  }
}

struct Span {
  std::uint32_t first;
  std::uint32_t last;
};

template <std::size_t N>
bool within(std::uint32_t code, const std::array<Span, N>& spans) noexcept {
  for (const Span& span : spans) {
    if (code >= span.first && code <= span.last) return true;
  }
  return false;
}

/// The blocks that terminals draw two columns wide, and those that join the character before them (UAX #11).
std::size_t columns_of_code(std::uint32_t code) noexcept {
  constexpr std::array wide{Span{0x1100, 0x115f}, Span{0x2e80, 0xa4cf},   Span{0xac00, 0xd7a3},
                            Span{0xf900, 0xfaff}, Span{0xfe30, 0xfe6f},   Span{0xff00, 0xff60},
                            Span{0xffe0, 0xffe6}, Span{0x1f300, 0x1faff}, Span{0x20000, 0x3fffd}};
  constexpr std::array joining{Span{0x0300, 0x036f}, Span{0x200b, 0x200f}, Span{0x20d0, 0x20ff},
                               Span{0xfe00, 0xfe0f}};
  if (within(code, joining)) return 0;
  return within(code, wide) ? 2 : 1;
}

/// Controls of ASCII and Latin-1, and the marks that turn the direction of text.
bool steers_terminal(std::uint32_t code) noexcept {
  constexpr std::array marks{Span{0x00, 0x1f}, Span{0x7f, 0x9f}, Span{0x202a, 0x202e}, Span{0x2066, 0x2069}};
  return within(code, marks);
}

std::string escaped(std::uint32_t code) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out = "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += digits[(code >> static_cast<unsigned>(shift)) & 15];
  return out;
}

}  // namespace

Terminal Terminal::standard() { return {std::cout, std::cerr, colour_is_wanted(), width_of(STDOUT_FILENO)}; }

std::string Terminal::paint(Style style, std::string_view text) const {
  if (!colour_) return std::string(text);
  constexpr std::array<std::string_view, 5> codes{"\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[33m", "\x1b[32m"};
  return std::string(codes[static_cast<std::size_t>(style)]).append(text).append("\x1b[0m");
}

std::string printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) {
      out += "\xef\xbf\xbd";
      text.remove_prefix(1);
      continue;
    }
    const auto character = text.substr(0, length);
    const std::uint32_t code = code_point(character);
    out += steers_terminal(code) ? escaped(code) : std::string(character);
    text.remove_prefix(length);
  }
  return out;
}

std::size_t columns_of(std::string_view text) noexcept {
  std::size_t columns = 0;
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) {
      text.remove_prefix(1);
      ++columns;
      continue;
    }
    columns += columns_of_code(code_point(text.substr(0, length)));
    text.remove_prefix(length);
  }
  return columns;
}

std::string count_of(std::size_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

}  // namespace tongs::cli
