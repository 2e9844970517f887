#include "http/host.hpp"

#include <algorithm>
#include <array>

#include <arpa/inet.h>

#include "http/ascii.hpp"

namespace tongs::detail {

namespace {

constexpr std::size_t kMaxName = 253;
constexpr std::size_t kMaxLabel = 63;

bool is_name_character(char c) noexcept { return is_letter_or_digit(c) || c == '-' || c == '_' || c == '.'; }
bool is_address_character(char c) noexcept { return hex_value(c) >= 0 || c == ':' || c == '.'; }

/// `:` and digits, or nothing.
bool is_port_part(std::string_view text) noexcept {
  return text.empty() || (text.front() == ':' && std::all_of(text.begin() + 1, text.end(), is_digit));
}

bool is_label(std::string_view label) noexcept {
  return !label.empty() && label.size() <= kMaxLabel &&
         std::all_of(label.begin(), label.end(), is_name_character);
}

/// A last label that is a number, decimal or hexadecimal, makes the whole name an address (WHATWG URL, host
/// parsing).
bool ends_in_number(std::string_view name) noexcept {
  const std::string_view last = name.substr(name.rfind('.') + 1);
  if (all_digits(last)) return true;
  return last.size() >= 2 && last[0] == '0' && to_lower(last[1]) == 'x' &&
         std::all_of(last.begin() + 2, last.end(), [](char c) { return hex_value(c) >= 0; });
}

bool is_ipv4(const std::string& text) noexcept {
  in_addr address{};
  return inet_pton(AF_INET, text.c_str(), &address) == 1;
}

std::optional<std::string> canonical_ipv6(std::string_view inside) {
  in6_addr address{};
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (inet_pton(AF_INET6, std::string(inside).c_str(), &address) != 1 ||
      inet_ntop(AF_INET6, &address, text.data(), text.size()) == nullptr) {
    return std::nullopt;
  }
  return '[' + std::string(text.data()) + ']';
}

bool has_only_labels(std::string_view name) noexcept {
  while (true) {
    const std::size_t dot = name.find('.');
    if (!is_label(name.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    name.remove_prefix(dot + 1);
  }
}

}  // namespace

std::optional<std::string> canonical_host(std::string_view text) {
  if (text.size() > kMaxName || text.find('\0') != std::string_view::npos) return std::nullopt;
  if (text.starts_with('[')) {
    return text.ends_with(']') ? canonical_ipv6(text.substr(1, text.size() - 2)) : std::nullopt;
  }
  std::string name = to_lower(text);
  if (!has_only_labels(name) || (ends_in_number(name) && !is_ipv4(name))) return std::nullopt;
  return name;
}

bool is_host_field(std::string_view text) noexcept {
  if (text.empty()) return true;
  const bool bracketed = text.front() == '[';
  const std::size_t begin = bracketed ? 1 : 0;
  const std::size_t end = std::min(text.find(bracketed ? ']' : ':'), text.size());
  const std::string_view host = text.substr(begin, end - begin);
  if (host.empty() || (bracketed && end == text.size())) return false;
  return std::all_of(host.begin(), host.end(), bracketed ? is_address_character : is_name_character) &&
         is_port_part(text.substr(end + begin));
}

bool is_loopback_host(std::string_view host) noexcept {
  if (host == "localhost" || host == "[::1]") return true;
  return host.starts_with("127.") && ends_in_number(host);
}

}  // namespace tongs::detail
