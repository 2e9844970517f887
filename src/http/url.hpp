#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tongs/result.hpp>

namespace tongs::detail {

/// An absolute http or https URL (RFC 3986), taken apart. Only `parse_url` makes one that means something.
struct Url {
  std::string scheme;      ///< `http` or `https`
  std::string host;        ///< lower case; an IPv6 address in canonical form, in brackets
  std::uint16_t port = 0;  ///< the scheme's own if the text had none
  std::string path;        ///< percent-encoded, starts with `/`
  std::string query;       ///< percent-encoded, without `?`

  /// The URL in its one canonical spelling.
  std::string text() const;
  friend bool operator==(const Url&, const Url&) = default;
};

/// Stricter than RFC 3986 wherever two readers could differ: no user info, no fragment, no space, backslash,
/// control or non-ASCII byte, no `.` or `..` segment, no host that only some resolvers take for an IPv4
/// address, at most 16 KiB. Errors: invalid_argument.
Result<Url> parse_url(std::string_view text);

/// Scheme, host and port: what a credential is meant for (RFC 6454 4). Without the port if it is the
/// scheme's.
std::string origin(const Url& url);

/// `localhost`, 127.0.0.0/8 or ::1.
bool is_loopback(const Url& url) noexcept;
/// May a credential be sent there?
bool is_https_or_loopback(const Url& url) noexcept;
/// The same of a text; false if it is no URL.
bool is_https_or_loopback(std::string_view url);

/// Parses the base that data will be joined to. Errors: invalid_argument (no URL, neither https nor loopback,
/// a query).
Result<Url> parse_base_url(std::string_view text);

/// `base` followed by `target`, an encoded path with an optional query that starts with `/`. The path of
/// `base` stays in front, whatever `target` holds. Errors: invalid_argument.
Result<std::string> join(const Url& base, std::string_view target);

/// Everything but unreserved characters as `%XX` (RFC 3986 2.3): one segment of a path, or one name or value
/// of a query.
std::string percent_encode(std::string_view text);
/// Nothing if a `%` is not followed by two hexadecimal digits.
std::optional<std::string> percent_decode(std::string_view text);

using QueryPairs = std::vector<std::pair<std::string, std::string>>;
/// The pairs of a query as servers write them: `+` is a space. Nothing if it cannot be decoded.
std::optional<QueryPairs> parse_query(std::string_view query);

/// Does a path have a segment that some server may take for `.` or `..`: encoded however often, or with
/// parameters (`..;x`, RFC 3986 3.3), which Java servers cut off?
bool has_dot_segment(std::string_view path);

/// Does a path have a control character, encoded however often? Some servers end a text at such a byte, and
/// see another path than others do.
bool has_control_character(std::string_view path);

}  // namespace tongs::detail
