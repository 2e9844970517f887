#include "gateway/admin/token_file.hpp"

#include <algorithm>
#include <string_view>

#include "common/random_text.hpp"
#include "http/ascii.hpp"
#include "vault/files.hpp"

namespace tongs::gateway {

namespace {

constexpr std::size_t kShortest = 16, kLongest = 1024;
constexpr std::size_t kRandomBytes = 32;

bool is_token_character(char c) noexcept {
  return detail::is_letter_or_digit(c) || std::string_view("-._~+/=").find(c) != std::string_view::npos;
}

Result<Secret> token_in(const Secret& content, const std::string& path) {
  std::string_view text = content.reveal();
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  if (text.size() < kShortest || text.size() > kLongest ||
      !std::all_of(text.begin(), text.end(), is_token_character)) {
    return Error(
        Errc::invalid_argument,
        path +
            " must hold one line of 16 to 1024 letters, digits or -._~+/=: mend it, or delete it to get a "
            "new one");
  }
  return Secret(text);
}

Result<Secret> read_token(const std::string& path) {
  auto content = vault::read_private_file(path, vault::Guard::mode);
  if (!content) return std::move(content).error();
  return token_in(*content, path);
}

Result<void> write_token(const std::string& path, const Secret& token) {
  std::string line(token.reveal());
  line += '\n';
  auto written = vault::write_private_file(path, line, vault::Replace::no);
  wipe(line);
  return written;
}

}  // namespace

Result<TokenFile> read_or_create_token(const std::string& path) {
  auto token = read_token(path);
  if (token) return TokenFile{std::move(*token), false};
  if (token.error().code() != Errc::not_found) return std::move(token).error();
  auto fresh = random_text(kRandomBytes);
  if (!fresh) return std::move(fresh).error();
  const auto written = write_token(path, *fresh);
  if (written) return TokenFile{std::move(*fresh), true};
  if (written.error().code() != Errc::conflict) return written.error();
  // Another process was faster: its token is the one.
  return read_token(path).transform([](Secret theirs) { return TokenFile{std::move(theirs), false}; });
}

}  // namespace tongs::gateway
