#include "manifest/egress_url.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace tongs::manifest {

namespace {

constexpr std::size_t kLongestAddress = 1000;

constexpr std::array<std::string_view, 13> kBlockedStarts{
    "javascript:", "data:",  "vbscript:", "view-source:", "resource:", "about:", "chrome:",
    "livescript:", "mocha:", "file:",     "mhtml:",       "smb:",      "http"};

bool is_letter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lowered(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

/// The text starts with letters and a colon, and with nothing that is blocked or judged as a web address.
bool has_custom_scheme(std::string_view text) noexcept {
  const auto letters =
      static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_letter) - text.begin());
  if (letters == 0 || letters == text.size() || text[letters] != ':') return false;
  const auto starts = [&](std::string_view prefix) { return text.starts_with(prefix); };
  return std::none_of(kBlockedStarts.begin(), kBlockedStarts.end(), starts) && !starts("wss:");
}

struct Parts {
  std::string_view scheme;  ///< without the colon
  std::string_view host;
  std::string_view port;
  std::string_view path;  ///< with what follows it
};

/// Splits as a browser does, which takes a backslash for a slash and any number of them for two.
Parts split(std::string_view text) noexcept {
  Parts parts{"https", {}, {}, {}};
  if (const auto end = text.find("://"); end != std::string_view::npos) {
    parts.scheme = text.substr(0, end);
    text.remove_prefix(end + 3);
  }
  text.remove_prefix(std::min(text.find_first_not_of("/\\"), text.size()));
  const auto authority_end = std::min(text.find_first_of("/\\?#"), text.size());
  parts.path = text.substr(authority_end);
  auto authority = text.substr(0, authority_end);
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) authority.remove_prefix(at + 1);
  const auto colon = authority.ends_with(']') ? std::string_view::npos : authority.rfind(':');
  parts.host = authority.substr(0, colon);
  if (colon != std::string_view::npos) parts.port = authority.substr(colon + 1);
  return parts;
}

bool is_port(std::string_view port) noexcept {
  if (!std::all_of(port.begin(), port.end(), is_digit)) return false;
  std::uint32_t number = 0;
  for (const char digit : port) {
    number = number * 10 + static_cast<std::uint32_t>(digit - '0');
    if (number > 65535) return false;
  }
  return true;
}

/// A label of an IPv4 address: decimal, octal after `0`, hexadecimal after `0x` (WHATWG URL 3.5).
std::optional<std::uint64_t> ipv4_number(std::string_view label) noexcept {
  constexpr std::uint64_t too_large = 0x1'0000'0000;
  std::uint64_t base = 10;
  if (label.starts_with("0x") || label.starts_with("0X")) {
    base = 16;
    label.remove_prefix(2);
  } else if (label.size() > 1 && label.front() == '0') {
    base = 8;
    label.remove_prefix(1);
  } else if (label.empty()) {
    return std::nullopt;
  }
  std::uint64_t number = 0;
  for (const char c : label) {
    const char digit = lower(c);
    const auto value = static_cast<std::uint64_t>(is_digit(digit) ? digit - '0' : digit - 'a' + 10);
    if ((!is_digit(digit) && !(digit >= 'a' && digit <= 'f')) || value >= base) return std::nullopt;
    number = std::min(number * base + value, too_large);
  }
  return number;
}

std::vector<std::string_view> labels_of(std::string_view host) {
  std::vector<std::string_view> labels;
  for (std::size_t start = 0; start <= host.size();) {
    const std::size_t end = std::min(host.find('.', start), host.size());
    labels.push_back(host.substr(start, end - start));
    start = end + 1;
  }
  if (labels.size() > 1 && labels.back().empty()) labels.pop_back();
  return labels;
}

/// A host whose last label is a number is an IPv4 address, or nothing (WHATWG URL 3.5).
bool is_broken_ipv4(std::string_view host) {
  const auto labels = labels_of(host);
  const auto last = labels.back();
  const bool is_number = !last.empty() && std::all_of(last.begin(), last.end(), is_digit);
  if (!is_number && !ipv4_number(last)) return false;
  if (labels.size() > 4) return true;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto number = ipv4_number(labels[i]);
    const std::uint64_t limit = i + 1 == labels.size() ? std::uint64_t{1} << (8 * (5 - labels.size())) : 256;
    if (!number || *number >= limit) return true;
  }
  return false;
}

int hex_value(char c) noexcept {
  if (is_digit(c)) return c - '0';
  const char letter = lower(c);
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
    if (low < 0) {
      out += text[i];
    } else {
      out += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return out;
}

/// What the official tool takes for a host, once a browser's parser has taken it: `*.` at the front at most,
/// then letters, digits and a few marks. Other alphabets become punycode.
bool is_host(std::string_view as_written) {
  const std::string decoded = percent_decoded(as_written);
  std::string_view host = decoded;
  if (host.starts_with("*.")) host.remove_prefix(2);
  if (host.empty() || is_broken_ipv4(host)) return false;
  return std::all_of(host.begin(), host.end(), [](char c) {
    constexpr std::string_view marks = "-._~=&";
    return is_letter(c) || is_digit(c) || marks.find(c) != marks.npos ||
           static_cast<unsigned char>(c) >= 0x80;
  });
}

}  // namespace

bool is_egress_address(std::string_view text) {
  if (text.size() > kLongestAddress) return false;
  if (has_custom_scheme(text)) return true;
  if (text.find('.') == std::string_view::npos || text.find(' ') != std::string_view::npos) return false;
  const Parts parts = split(text);
  const std::string scheme = lowered(parts.scheme);
  return (scheme == "https" || scheme == "wss") && is_host(parts.host) && is_port(parts.port);
}

bool has_path(std::string_view address) noexcept {
  const auto path = split(address).path;
  return path.size() > 1 && path.front() != '?' && path.front() != '#' && path[1] != '?' && path[1] != '#';
}

std::string canonical_address(std::string_view address) {
  const Parts parts = split(address);
  const std::string scheme = lowered(parts.scheme);
  std::string out = scheme + "://" + lowered(parts.host);
  const bool is_default =
      (scheme == "https" && parts.port == "443") || (scheme == "http" && parts.port == "80");
  if (!parts.port.empty() && !is_default) out.append(":").append(parts.port);
  auto path = parts.path;
  while (path.ends_with('/')) path.remove_suffix(1);
  return out.append(path);
}

bool is_https(std::string_view url) noexcept { return lowered(url.substr(0, 8)) == "https://"; }

}  // namespace tongs::manifest
