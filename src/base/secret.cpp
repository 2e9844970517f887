#include <cstring>
#include <utility>

#include <openssl/crypto.h>

#include <tongs/secret.hpp>

#include "base/wipe.hpp"

namespace tongs {

Secret::Secret(std::string_view bytes) : data_(std::make_unique<char[]>(bytes.size())), size_(bytes.size()) {
  if (!bytes.empty()) std::memcpy(data_.get(), bytes.data(), bytes.size());
}

Secret Secret::take(std::string&& bytes) {
  Secret secret(bytes);
  tongs::wipe(bytes);
  return secret;
}

Secret::Secret(Secret&& other) noexcept
    : data_(std::move(other.data_)), size_(std::exchange(other.size_, 0)) {}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe();
    data_ = std::move(other.data_);
    size_ = std::exchange(other.size_, 0);
  }
  return *this;
}

Secret::~Secret() { wipe(); }

void Secret::wipe() noexcept {
  if (data_) detail::wipe(data_.get(), size_);
}

bool operator==(const Secret& a, const Secret& b) noexcept {
  return a.size_ == b.size_ && (a.size_ == 0 || CRYPTO_memcmp(a.data_.get(), b.data_.get(), a.size_) == 0);
}

void wipe(std::string& text) noexcept {
  detail::wipe(text.data(), text.size());
  text.clear();
}

void detail::wipe(void* bytes, std::size_t size) noexcept {
  if (size != 0) OPENSSL_cleanse(bytes, size);
}

}  // namespace tongs
