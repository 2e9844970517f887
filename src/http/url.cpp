#include "http/url.hpp"

#include <algorithm>
#include <charconv>

#include "http/ascii.hpp"
#include "http/host.hpp"

namespace tongs::detail {

namespace {

constexpr std::size_t kMaxUrl = std::size_t{16} * 1024;

Error wrong(const char* message) { return {Errc::invalid_argument, message}; }

bool is_unreserved(char c) noexcept {
  return is_letter_or_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

/// `extra` names the characters that this part of a URL allows beyond `pchar` (RFC 3986 3.3).
bool consists_of_pchar(std::string_view text, std::string_view extra) noexcept {
  constexpr std::string_view marks = "!$&'()*+,;=:@";
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (i + 2 >= text.size() || hex_value(text[i + 1]) < 0 || hex_value(text[i + 2]) < 0) return false;
      i += 2;
    } else if (!is_unreserved(text[i]) && marks.find(text[i]) == std::string_view::npos &&
               extra.find(text[i]) == std::string_view::npos) {
      return false;
    }
  }
  return true;
}

std::uint16_t default_port(std::string_view scheme) noexcept { return scheme == "https" ? 443 : 80; }

std::optional<std::uint16_t> parse_port(std::string_view text) noexcept {
  std::uint16_t port = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (failed != std::errc{} || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

Result<void> parse_authority(std::string_view authority, Url& url) {
  const std::size_t after_host = authority.starts_with('[') ? authority.find(']') : 0;
  if (after_host == std::string_view::npos) return wrong("the IPv6 address of the URL lacks its ]");
  const std::size_t colon = authority.find(':', after_host);
  auto host = canonical_host(authority.substr(0, colon));
  if (!host) return wrong("the URL has no host, or one that is neither a name nor an address");
  url.host = std::move(*host);
  url.port = default_port(url.scheme);
  if (colon == std::string_view::npos) return {};
  const auto port = parse_port(authority.substr(colon + 1));
  if (!port) return wrong("the port of the URL is not a number from 1 to 65535");
  url.port = *port;
  return {};
}

/// `target` is what stands behind the authority: path and query.
Result<void> check_target(std::string_view target) {
  const std::size_t mark = target.find('?');
  const std::string_view path = target.substr(0, mark);
  if (!consists_of_pchar(path, "/")) {
    return wrong("the path of the URL holds a character that must be percent-encoded");
  }
  if (has_dot_segment(path)) return wrong("the path of the URL has a . or .. segment: write it out");
  if (mark != std::string_view::npos && !consists_of_pchar(target.substr(mark + 1), "/?")) {
    return wrong("the query of the URL holds a character that must be percent-encoded");
  }
  return {};
}

/// What is left when nothing can be percent-decoded any more, in one pass: a path that goes through several
/// servers may be decoded by each of them.
std::string decoded_throughout(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (const char c : text) {
    plain += c;
    while (plain.size() >= 3 && plain[plain.size() - 3] == '%') {
      const int high = hex_value(plain[plain.size() - 2]), low = hex_value(plain.back());
      if (high < 0 || low < 0) break;
      plain.resize(plain.size() - 3);
      plain += static_cast<char>(high * 16 + low);
    }
  }
  return plain;
}

}  // namespace

std::string Url::text() const { return origin(*this) + path + (query.empty() ? "" : "?" + query); }

std::string origin(const Url& url) {
  std::string text = url.scheme + "://" + url.host;
  if (url.port != default_port(url.scheme)) text += ':' + std::to_string(url.port);
  return text;
}

Result<Url> parse_url(std::string_view text) {
  if (text.size() > kMaxUrl) return wrong("the URL is longer than 16 KiB");
  const std::size_t end_of_scheme = text.find("://");
  if (end_of_scheme == std::string_view::npos) return wrong("the URL must start with https:// or http://");
  Url url;
  url.scheme = to_lower(text.substr(0, end_of_scheme));
  if (url.scheme != "https" && url.scheme != "http") {
    return wrong("the URL must start with https:// or http://");
  }
  text.remove_prefix(end_of_scheme + 3);
  if (text.find('#') != std::string_view::npos) return wrong("the URL must not have a fragment (#…)");
  const std::size_t end_of_authority = std::min(text.find_first_of("/?"), text.size());
  if (text.substr(0, end_of_authority).find('@') != std::string_view::npos) {
    return wrong("the URL must not have user information (…@) in it");
  }
  if (auto parsed = parse_authority(text.substr(0, end_of_authority), url); !parsed) return parsed.error();
  const std::string_view target = text.substr(end_of_authority);
  if (auto fine = check_target(target); !fine) return fine.error();
  const std::size_t mark = std::min(target.find('?'), target.size());
  url.path = mark == 0 ? "/" : target.substr(0, mark);
  url.query = target.substr(std::min(mark + 1, target.size()));
  return url;
}

bool is_loopback(const Url& url) noexcept { return is_loopback_host(url.host); }

bool is_https_or_loopback(const Url& url) noexcept { return url.scheme == "https" || is_loopback(url); }

bool is_https_or_loopback(std::string_view url) {
  const auto parsed = parse_url(url);
  return parsed && is_https_or_loopback(*parsed);
}

Result<Url> parse_base_url(std::string_view text) {
  auto url = parse_url(text);
  if (!url) return url;
  if (!is_https_or_loopback(*url)) {
    return wrong("credentials are only sent over https, or over http to this machine: change the URL");
  }
  if (!url->query.empty()) return wrong("a base URL must not have a query (?…)");
  return url;
}

Result<std::string> join(const Url& base, std::string_view target) {
  if (!target.starts_with('/')) return wrong("the path must start with /");
  if (auto fine = check_target(target); !fine) return fine.error();
  std::string text = origin(base) + base.path;
  while (text.ends_with('/')) text.pop_back();
  text += target;
  if (text.size() > kMaxUrl) return wrong("the URL is longer than 16 KiB");
  return text;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  encoded.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_unreserved(c)) {
      encoded += c;
    } else {
      encoded.append(1, '%').append(1, digits[byte >> 4]).append(1, digits[byte & 15]);
    }
  }
  return encoded;
}

std::optional<std::string> percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = hex_value(text[i + 1]), low = hex_value(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return decoded;
}

std::optional<QueryPairs> parse_query(std::string_view query) {
  std::string spaced(query);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  QueryPairs pairs;
  for (std::string_view rest = spaced; !rest.empty();) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    auto name = percent_decode(pair.substr(0, equals));
    auto value = percent_decode(pair.substr(std::min(equals + 1, pair.size())));
    if (!name || !value) return std::nullopt;
    pairs.emplace_back(std::move(*name), std::move(*value));
  }
  return pairs;
}

bool has_dot_segment(std::string_view path) {
  if (path.find('.') == std::string_view::npos && path.find('%') == std::string_view::npos) return false;
  const std::string plain = decoded_throughout(path);
  for (std::string_view rest = plain;;) {
    const std::size_t end = rest.find_first_of("/\\");
    const std::string_view segment = rest.substr(0, end);
    const std::string_view name = segment.substr(0, segment.find(';'));
    if (name == "." || name == "..") return true;
    if (end == std::string_view::npos) return false;
    rest.remove_prefix(end + 1);
  }
}

bool has_control_character(std::string_view path) {
  return std::ranges::any_of(decoded_throughout(path), is_control);
}

}  // namespace tongs::detail
