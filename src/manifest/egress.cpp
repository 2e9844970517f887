#include <algorithm>
#include <utility>

#include <tongs/manifest/egress.hpp>

#include "base/utf8.hpp"
#include "base/wildcard.hpp"

namespace tongs::manifest {

namespace {

/// The bytes of the line end (ECMA-262, 12.3) that a text starts with.
std::size_t line_end_at(std::string_view text) noexcept {
  if (text.starts_with('\n') || text.starts_with('\r')) return 1;
  return text.starts_with("\xe2\x80\xa8") || text.starts_with("\xe2\x80\xa9") ? 3 : 0;
}

std::size_t first_line_end(std::string_view text) noexcept {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (line_end_at(text.substr(i)) > 0) return i;
  }
  return text.size();
}

/// Does `*` in the pattern stand for anything on one line, and everything else for itself?
bool fits(std::string_view pattern, std::string_view text) noexcept {
  return tongs::detail::wildcard_matches(pattern, text,
                                         [](std::string_view left) { return line_end_at(left) == 0; });
}

int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// As `decodeURIComponent` does it: none if a percent sign starts nothing, or bytes that are no UTF-8.
std::optional<std::string> decoded(std::string_view text) {
  std::string out;
  std::string bytes;
  const auto flush = [&] {
    for (std::string_view rest = bytes; !rest.empty();) {
      const std::size_t length = utf8_length(rest);
      if (length == 0) return false;
      rest.remove_prefix(length);
    }
    out += std::exchange(bytes, {});
    return true;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      if (!flush()) return std::nullopt;
      out += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
    if (low < 0) return std::nullopt;
    bytes += static_cast<char>(high * 16 + low);
    i += 2;
  }
  if (!flush()) return std::nullopt;
  return out;
}

bool same_scheme_for_client(std::string_view allowed, std::string_view scheme) noexcept {
  return allowed == scheme || (allowed == "http:" && scheme == "https:") ||
         (allowed == "ws:" && scheme == "wss:");
}

bool path_fits(std::string_view allowed, std::string_view path) noexcept {
  if (allowed == "/") return true;
  return allowed.ends_with('/') ? path.starts_with(allowed) : path == allowed;
}

}  // namespace

/// The scheme ends at the first colon, wherever it is, and the host at the first slash.
EgressRules::Address EgressRules::split(std::string_view url) {
  Address out{"https:", {}, {}};
  const auto colon = url.find(':');
  if (colon != std::string_view::npos && first_line_end(url) > colon) {
    out.scheme = url.substr(0, colon + 1);
    url.remove_prefix(colon + 1);
  }
  url.remove_prefix(std::min(url.find_first_not_of('/'), url.size()));
  url.remove_prefix(std::min(url.find_first_not_of('\\'), url.size()));
  url = url.substr(0, url.find_first_of("?#"));
  const auto slash = std::min(url.find('/'), url.size());
  out.host = url.substr(0, slash);
  out.path = slash == url.size() ? "/" : url.substr(slash);
  return out;
}

std::optional<EgressRules> EgressRules::parse(const std::vector<std::string>& entries) {
  EgressRules out;
  for (const std::string& entry : entries) {
    if (entry == "*") {
      out.everything_ = true;
      continue;
    }
    Address address = split(entry);
    auto host = decoded(address.host);
    if (!host) return std::nullopt;
    if (!entry.starts_with('*')) out.exact_.push_back(address);
    if (!host->starts_with('*')) continue;
    address.host = *std::move(host);
    out.wildcards_.push_back(std::move(address));
  }
  return out;
}

/// Is `asked` one of the addresses, by `same` of scheme and path?
template <class Same>
bool EgressRules::allows(const Address& asked, Same same) const {
  return everything_ ||
         std::any_of(exact_.begin(), exact_.end(),
                     [&](const Address& each) { return each.host == asked.host && same(each); }) ||
         std::any_of(wildcards_.begin(), wildcards_.end(),
                     [&](const Address& each) { return fits(each.host, asked.host) && same(each); });
}

bool EgressRules::allows_backend(std::string_view url) const {
  const Address asked = split(url);
  return allows(asked, [&](const Address& each) { return each.scheme == asked.scheme; });
}

bool EgressRules::allows_client(std::string_view url) const {
  const Address asked = split(url);
  return allows(asked, [&](const Address& each) {
    return same_scheme_for_client(each.scheme, asked.scheme) && path_fits(each.path, asked.path);
  });
}

}  // namespace tongs::manifest
