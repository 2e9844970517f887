#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace tongs::detail {

/// The canonical form of the host of a URL: a name of letters, digits, `-`, `_` and `.`, an IPv4 address of
/// four decimal numbers, or an IPv6 address in brackets. Nothing for everything else, among it names that
/// some resolvers read as an address (`127.1`, `0x7f.0.0.1`, `2130706433`).
std::optional<std::string> canonical_host(std::string_view text);

/// May this be the value of a Host field (RFC 9110 7.2): the characters of a name or of an address in
/// brackets, maybe a port behind them, or nothing at all? Whether there can be such a host is not asked.
bool is_host_field(std::string_view text) noexcept;

/// Does a canonical host name this machine: `localhost`, 127.0.0.0/8 or ::1?
bool is_loopback_host(std::string_view host) noexcept;

}  // namespace tongs::detail
