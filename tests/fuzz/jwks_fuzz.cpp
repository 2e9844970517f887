#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "jose/jwks.hpp"
#include "jose/key_id.hpp"

namespace {

void demand(bool kept) {
  if (!kept) std::abort();
}

}  // namespace

/// A set that was read has keys, each under a name of its own, and is read the same again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto keys = tongs::jose::parse_jwks(text, {});
  if (!keys) return 0;
  demand(!keys->empty() && keys->size() <= 32);
  for (const auto& [kid, key] : *keys) {
    demand(tongs::jose::is_key_id(kid));
    demand(tongs::jose::find_key(*keys, kid) == key);
    demand(!key->verify_rs256("input", "no signature"));
  }
  demand(tongs::jose::same_keys(*keys, tongs::jose::parse_jwks(text, {}).value()));
  return 0;
}
