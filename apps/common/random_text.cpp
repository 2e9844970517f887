#include "common/random_text.hpp"

#include <string>
#include <utility>

#include <openssl/rand.h>

#include "base/base64url.hpp"

namespace tongs {

Result<Secret> random_text(std::size_t bytes) {
  std::string raw(bytes, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(raw.data()), static_cast<int>(bytes)) != 1) {
    return Error(Errc::internal, "the system gives no random numbers");
  }
  auto text = base64url_encode(raw);
  wipe(raw);
  return Secret::take(std::move(text));
}

}  // namespace tongs
