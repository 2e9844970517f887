#include "http/header_rules.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "http/ascii.hpp"
#include "http/name_set.hpp"

namespace tongs::detail {

namespace {

constexpr NameSet kHopByHop("connection", "keep-alive", "proxy-authenticate", "proxy-connection", "te",
                            "trailer", "trailers", "transfer-encoding", "upgrade");

constexpr NameSet kFraming("content-length", "expect", "host");

constexpr NameSet kAuthorization("authorization", "forge-proxy-authorization", "proxy-authorization");

constexpr NameSet kCredentials("authorization", "cookie", "forge-proxy-authorization", "proxy-authorization",
                               "set-cookie", "x-forge-oauth-system", "x-forge-oauth-user");

/// One word of memory.
std::uint64_t eight_at(const char* text) noexcept {
  std::uint64_t eight = 0;
  std::memcpy(&eight, text, sizeof eight);
  return eight;
}

constexpr std::uint64_t in_each_byte(unsigned char byte) noexcept { return 0x0101010101010101ULL * byte; }

/// Not 0 if there can be a byte below 0x20 or a 0x7f among these eight. Bytes from 0x80 on are neither.
constexpr std::uint64_t controls_among(std::uint64_t eight) noexcept {
  const std::uint64_t erased = eight ^ in_each_byte(0x7f);
  const std::uint64_t low = (eight - in_each_byte(0x20)) & ~eight;
  const std::uint64_t del = (erased - in_each_byte(1)) & ~erased;
  return (low | del) & in_each_byte(0x80);
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
  std::uint64_t controls = text.size() < 8 ? 1 : controls_among(eight_at(text.data() + text.size() - 8));
  for (std::size_t at = 0; at + 8 <= text.size(); at += 8)
    controls |= controls_among(eight_at(text.data() + at));
  return controls == 0 || std::all_of(text.begin(), text.end(), is_field_character);
}

bool same_variable(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return same_letter(x, y) || (x == '_' && y == '-') || (x == '-' && y == '_');
  });
}

bool is_hop_by_hop(std::string_view name) noexcept { return kHopByHop.contains(name); }
bool is_framing(std::string_view name) noexcept { return kFraming.contains(name) || is_hop_by_hop(name); }
bool is_reserved(std::string_view name) noexcept { return kAuthorization.contains(name) || is_framing(name); }
bool carries_credential(std::string_view name) noexcept { return kCredentials.contains(name); }

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
