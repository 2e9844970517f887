#include "cli/token_text.hpp"

#include <algorithm>
#include <utility>

#include "base/base64url.hpp"
#include "cli/input.hpp"
#include "http/ascii.hpp"

namespace tongs::cli {

namespace {

constexpr std::size_t kLongestToken = 64 * 1024;

/// A token without what is copied along with it, such as `> authorization: Bearer …`, or quotes and a comma.
std::string_view bare_token(std::string_view text) {
  constexpr std::string_view scheme = "bearer", around = " \t\r\n\"',";
  const auto found = std::search(text.begin(), text.end(), scheme.begin(), scheme.end(),
                                 [](char given, char letter) { return detail::to_lower(given) == letter; });
  if (found != text.end()) {
    const auto behind = text.substr(static_cast<std::size_t>(found - text.begin()) + scheme.size());
    if (behind.find_first_of(around) == 0 || behind.empty()) text = behind;
  }
  const auto first = text.find_first_not_of(around);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(around) - first + 1);
}

Result<JsonDocument> decode_part(std::string_view part, const char* not_base64, const char* not_json) {
  const auto bytes = base64url_decode(part);
  if (!bytes) return Error(Errc::token_malformed, not_base64);
  auto document = JsonDocument::parse(*bytes);
  if (!document || document->root().kind() != JsonView::Kind::object) {
    return Error(Errc::token_malformed, not_json);
  }
  return document;
}

}  // namespace

Result<Secret> read_token(const std::string& argument) {
  std::string text = argument;
  if (argument.empty() || argument == "-") {
    auto input = read_input("-", kLongestToken);
    if (!input) return std::move(input).error();
    text = *std::move(input);
  }
  Secret secret(bare_token(text));
  wipe(text);
  if (secret.empty())
    return Error(Errc::invalid_argument, "there is no token: give it as an argument or on standard input");
  if (secret.size() > kLongestToken)
    return Error(Errc::invalid_argument, "more than 64 KiB: this is no token");
  return secret;
}

Result<DecodedToken> decode_unverified(std::string_view token) {
  if (std::count(token.begin(), token.end(), '.') != 2) {
    return Error(Errc::token_malformed,
                 "a token has three parts with two dots between them: this one is cut off, or no JWT at all");
  }
  const auto first = token.find('.');
  const auto second = token.find('.', first + 1);
  auto header = decode_part(token.substr(0, first),
                            "the first part of the token is not base64url: it was cut or changed",
                            "the first part of the token is no JSON object: it was cut or changed");
  if (!header) return std::move(header).error();
  auto claims = decode_part(token.substr(first + 1, second - first - 1),
                            "the second part of the token is not base64url: it was cut or changed",
                            "the second part of the token is no JSON object: it was cut or changed");
  if (!claims) return std::move(claims).error();
  return DecodedToken{*std::move(header), *std::move(claims)};
}

}  // namespace tongs::cli
