// What the vault reads from files that somebody else may have written: keys, sealed rows, and the bytes in
// them.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "vault/key_file.hpp"
#include "vault/oauth_client_codec.hpp"
#include "vault/row_codec.hpp"
#include "vault/seal.hpp"

namespace {

using namespace tongs;
using namespace tongs::vault;

void expect(bool true_always) {
  if (!true_always) __builtin_trap();
}

/// What is read is written and read again without a change.
void check_keys(std::string_view text) {
  const auto keys = parse_keys(text);
  if (!keys) return;
  const auto again = parse_keys(format_keys(*keys).reveal());
  expect(again.has_value());
  expect(again->keys().size() == keys->keys().size() && again->active().id() == keys->active().id());
}

void check_records(std::string_view bytes) {
  static const InstallationId id = *InstallationId::parse("i");
  std::string encoded;
  if (const auto record = decode_installation(id, bytes)) {
    encode(*record, encoded);
    const auto again = decode_installation(id, encoded);
    expect(again && same_facts(*again, *record));
  }
  if (const auto token = decode_token(WallTime{}, bytes)) {
    encode(*token, encoded);
    const auto again = decode_token(WallTime{}, encoded);
    expect(again && again->secret == token->secret && again->received_at == token->received_at);
  }
}

void check_client(std::string_view bytes) {
  static const InstallationId id = *InstallationId::parse("i");
  const auto client = decode_oauth_client(id, "tc_1", bytes);
  if (!client) return;
  std::string encoded;
  encode(*client, encoded);
  const auto again = decode_oauth_client(id, "tc_1", encoded);
  std::string twice;
  if (again) encode(*again, twice);
  expect(again && twice == encoded);
}

void check_sealed(std::string_view bytes) {
  static Sealer sealer{KeyRing(*Key::from_bytes(Secret(std::string(Key::kBytes, 'k'))))};
  std::string plain;
  std::string sealed;
  expect(!sealer.open(bytes, "row", plain));
  expect(sealer.seal(bytes, "row", sealed) && sealer.open(sealed, "row", plain) && plain == bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  check_keys(input);
  check_records(input);
  check_client(input);
  check_sealed(input);
  return 0;
}
