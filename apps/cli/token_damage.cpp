#include "cli/token_damage.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace tongs::cli {

namespace {

/// Characters of an RS256 signature by keys of 2048, 3072 and 4096 bits.
constexpr std::array<std::size_t, 3> kSignatureSizes{342, 512, 683};

std::string_view damage_of_signature(std::string_view signature) noexcept {
  if (signature.empty()) return "nothing follows its second dot: the signature is cut off";
  if (std::ranges::find(kSignatureSizes, signature.size()) == kSignatureSizes.end()) {
    return "its signature is not as long as an RSA signature is: the end is cut off, or something was "
           "appended";
  }
  return {};
}

}  // namespace

std::string_view damage_of(std::string_view token) noexcept {
  if (token.find_first_of(" \t\r\n") != std::string_view::npos) {
    return "there are blanks or line breaks in it: it was wrapped where it was shown, put it on one line";
  }
  if (token.ends_with("...") || token.ends_with("\u2026")) {
    return "it was shortened where it was shown: take it from the header itself";
  }
  if (token.find('%') != std::string_view::npos) return "it is percent-encoded: decode it first";
  if (token.find_first_of("+/=") != std::string_view::npos) {
    return "it was encoded again, with + and / or with padding: take it from the header itself";
  }
  const auto dots = std::ranges::count(token, '.');
  if (!token.starts_with("ey")) {
    return dots == 0 ? "it is no JWT: a Forge Invocation Token begins with 'ey' and is in the header "
                       "'authorization', not in an 'x-forge-oauth' one"
                     : "its beginning is missing: a Forge Invocation Token begins with 'ey'";
  }
  switch (dots) {
    case 0:
      return "it is cut off in its first part: copy the whole header value";
    case 1:
      return "it is cut off in its second part: copy the whole header value";
    case 2:
      return damage_of_signature(token.substr(token.rfind('.') + 1));
    case 4:
      return "it has five parts, so it is encrypted: Forge signs its tokens and encrypts none";
    default:
      return "it has more than three parts: something was appended";
  }
}

}  // namespace tongs::cli
