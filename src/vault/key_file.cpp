#include "vault/key_file.hpp"

#include <filesystem>
#include <system_error>
#include <utility>

#include "base/base64url.hpp"
#include "vault/files.hpp"

namespace tongs::vault {

namespace {

constexpr std::string_view kHeader = "tongs-vault-keys 1";
constexpr std::string_view kHeaderOfAnyVersion = "tongs-vault-keys ";

Error bad_key(std::string_view unit, std::size_t number, std::string_view reason) {
  std::string message = "vault keys, ";
  message.append(unit).append(" ").append(std::to_string(number)).append(": ").append(reason);
  return {Errc::invalid_argument, std::move(message)};
}

std::string_view trimmed(std::string_view text) noexcept {
  constexpr std::string_view blank = " \t\r\n";
  const auto first = text.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

/// Cuts off what stands before the next `mark`, or the rest.
std::string_view next_part(std::string_view& rest, char mark) noexcept {
  const auto end = std::min(rest.find(mark), rest.size());
  const auto part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

std::optional<Key> decode_key(std::string_view text) {
  auto bytes = base64url_decode(text);
  if (!bytes) return std::nullopt;
  auto key = Key::from_bytes(Secret::take(std::move(*bytes)));
  if (!key) return std::nullopt;
  return std::move(*key);
}

void add(std::optional<KeyRing>& ring, Key key) {
  if (ring) {
    ring->add(std::move(key));
  } else {
    ring.emplace(std::move(key));
  }
}

Result<KeyRing> some(std::optional<KeyRing> ring) {
  if (!ring) return Error(Errc::invalid_argument, "vault keys: there is no key in them");
  return std::move(*ring);
}

/// `key <id> <key>`.
Result<Key> parse_line(std::string_view line, std::size_t number) {
  if (next_part(line, ' ') != "key") {
    return bad_key("line", number, "expected \"key\", an id and a key, with one space between them");
  }
  const auto id = next_part(line, ' ');
  auto key = decode_key(line);
  if (!key) return bad_key("line", number, "the key is not 32 bytes in base64url");
  if (to_string(key->id()) != id) return bad_key("line", number, "the id is not the id of this key");
  return std::move(*key);
}

Result<KeyRing> parse_file(std::string_view text) {
  std::optional<KeyRing> ring;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto line = trimmed(next_part(text, '\n'));
    if (number == 1 && line != kHeader) {
      return bad_key("line", number, "a version that this program does not know");
    }
    if (number == 1 || line.empty() || line.front() == '#') continue;
    auto key = parse_line(line, number);
    if (!key) return key.error();
    add(ring, std::move(*key));
  }
  return some(std::move(ring));
}

Result<KeyRing> parse_list(std::string_view text) {
  std::optional<KeyRing> ring;
  for (std::size_t number = 1; !text.empty(); ++number) {
    auto key = decode_key(trimmed(next_part(text, ',')));
    if (!key) return bad_key("key", number, "not 32 bytes in base64url");
    add(ring, std::move(*key));
  }
  return some(std::move(ring));
}

Result<FoundKeys> found(Result<KeyRing> ring, bool in_file) {
  if (!ring) return ring.error();
  return FoundKeys{std::move(*ring), in_file};
}

Result<FoundKeys> read_and_parse(const std::string& path, Guard guard) {
  auto text = read_private_file(path, guard);
  if (!text) return text.error();
  auto keys = found(parse_keys(text->reveal()), guard == Guard::mode);
  if (!keys) return Error(keys.error().code(), path + " cannot be used").with_cause(keys.error());
  return keys;
}

}  // namespace

Result<KeyRing> parse_keys(std::string_view text) {
  text = trimmed(text);
  return text.starts_with(kHeaderOfAnyVersion) ? parse_file(text) : parse_list(text);
}

Secret format_keys(const KeyRing& keys) {
  constexpr std::string_view comment = "# the first key seals, the others open what was sealed before\n";
  std::string text;
  text.reserve(kHeader.size() + 1 + comment.size() + keys.keys().size() * 80);
  text.append(kHeader).append("\n").append(comment);
  for (const Key& key : keys.keys()) {
    std::string encoded = base64url_encode(key.reveal());
    text.append("key ").append(to_string(key.id())).append(" ").append(encoded).append("\n");
    tongs::wipe(encoded);
  }
  return Secret::take(std::move(text));
}

Result<FoundKeys> read_keys(const KeyPlaces& places) {
  if (places.text) return found(parse_keys(places.text->reveal()), false);
  if (!places.credential.empty()) {
    auto keys = read_and_parse(places.credential, Guard::directory);
    if (keys || keys.error().code() != Errc::not_found) return keys;
  }
  if (!places.file.empty()) return read_and_parse(places.file, Guard::mode);
  return Error(Errc::not_found, "no place for the vault's keys is configured");
}

Result<void> create_key_file(const std::string& path, const KeyRing& keys) {
  return write_private_file(path, format_keys(keys).reveal(), Replace::no);
}

Result<void> replace_key_file(const std::string& path, const KeyRing& keys) {
  std::error_code failed;
  const auto target = std::filesystem::canonical(path, failed);  // a symbolic link stays one
  if (failed) return Error(Errc::storage_failed, path + " is not there any more");
  return write_private_file(target.string(), format_keys(keys).reveal(), Replace::yes);
}

}  // namespace tongs::vault
