#include "http/header_rules.hpp"

#include <algorithm>
#include <array>

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

bool is_token_character(char c) noexcept {
  return is_letter_or_digit(c) || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

}  // namespace

bool is_token(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_character);
}

bool is_field_value(std::string_view text) noexcept {
  unsigned char controls = 0;
  for (const char c : text) {  // to its end, so that the compiler can look at many bytes at once
    const auto byte = static_cast<unsigned char>(c);
    controls |= static_cast<unsigned char>((byte < 0x20 && byte != '\t') || byte == 0x7f);
  }
  return controls == 0;
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
