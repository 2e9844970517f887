#include "http/header_rules.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "http/ascii.hpp"

namespace tongs::detail {

namespace {

constexpr std::array<std::string_view, 9> kHopByHop = {
    "connection", "keep-alive", "proxy-authenticate", "proxy-connection", "te",
    "trailer",    "trailers",   "transfer-encoding",  "upgrade"};

constexpr std::array<std::string_view, 3> kFraming = {"content-length", "expect", "host"};

constexpr std::array<std::string_view, 3> kAuthorization = {"authorization", "forge-proxy-authorization",
                                                            "proxy-authorization"};

constexpr std::array<std::string_view, 7> kCredentials = {
    "authorization",       "cookie",     "forge-proxy-authorization",
    "proxy-authorization", "set-cookie", "x-forge-oauth-system",
    "x-forge-oauth-user"};

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& names, std::string_view name) noexcept {
  return std::any_of(names.begin(), names.end(),
                     [&](std::string_view known) { return same_variable(known, name); });
}

constexpr std::uint64_t in_each_byte(unsigned char byte) noexcept { return 0x0101010101010101ULL * byte; }

/// Can there be a byte below 0x20 or a 0x7f among these eight? Bytes from 0x80 on are neither.
bool may_hold_control(std::uint64_t eight) noexcept {
  const std::uint64_t erased = eight ^ in_each_byte(0x7f);
  const std::uint64_t low = (eight - in_each_byte(0x20)) & ~eight;
  const std::uint64_t del = (erased - in_each_byte(1)) & ~erased;
  return ((low | del) & in_each_byte(0x80)) != 0;
}

bool is_token_character(char c) noexcept {
  return is_letter_or_digit(c) || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool is_field_character(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return c == '\t' || (byte >= 0x20 && byte != 0x7f);
}

}  // namespace

bool is_token(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_character);
}

bool is_field_value(std::string_view text) noexcept {
  for (; text.size() >= 8; text.remove_prefix(8)) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, text.data(), 8);
    if (may_hold_control(eight) && !std::all_of(text.begin(), text.begin() + 8, is_field_character))
      return false;
  }
  return std::all_of(text.begin(), text.end(), is_field_character);
}

bool same_variable(std::string_view a, std::string_view b) noexcept {
  const auto fold = [](char c) { return c == '_' ? '-' : to_lower(c); };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return fold(x) == fold(y); });
}

bool is_hop_by_hop(std::string_view name) noexcept { return contains(kHopByHop, name); }
bool is_framing(std::string_view name) noexcept { return contains(kFraming, name) || is_hop_by_hop(name); }
bool is_reserved(std::string_view name) noexcept {
  return contains(kAuthorization, name) || is_framing(name);
}
bool carries_credential(std::string_view name) noexcept { return contains(kCredentials, name); }

Result<void> check_headers(const std::vector<Header>& headers) {
  for (const Header& header : headers) {
    if (!is_token(header.name)) {
      return Error(Errc::invalid_argument,
                   "a header name has letters, digits and !#$%&'*+-.^_`|~ and nothing else");
    }
    if (!is_field_value(header.value)) {
      return Error(Errc::invalid_argument,
                   "a header value holds a line break or another control character: remove it");
    }
  }
  return {};
}

}  // namespace tongs::detail
