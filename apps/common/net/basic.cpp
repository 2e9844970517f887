#include "common/net/basic.hpp"

#include <string>
#include <utility>

#include <openssl/evp.h>

namespace tongs::net {

namespace {

std::string base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

}  // namespace

Secret basic_credentials(std::string_view user, std::string_view password) {
  std::string pair;
  pair.reserve(user.size() + 1 + password.size());  // so that one copy is made, and wiped
  pair.append(user).append(1, ':').append(password);
  std::string value = "Basic " + base64(pair);
  wipe(pair);
  return Secret::take(std::move(value));
}

}  // namespace tongs::net
