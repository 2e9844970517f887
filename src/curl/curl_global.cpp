#include "curl/curl_global.hpp"

#include <cstdlib>
#include <cstring>

#include <curl/curl.h>
#include <malloc.h>

namespace tongs::detail {

namespace {

/// libcurl copies request heads, and with them bearer tokens, into buffers of its own. Blocks come from
/// malloc unchanged, so that code which frees them with `free` still works.
void wipe_and_free(void* block) {
  if (block == nullptr) return;
  explicit_bzero(block, malloc_usable_size(block));
  std::free(block);
}

void* wiping_realloc(void* block, std::size_t size) {
  if (block == nullptr) return std::malloc(size);
  const std::size_t had = malloc_usable_size(block);
  if (size <= had) return block;
  void* larger = std::malloc(size);
  if (larger == nullptr) return nullptr;
  std::memcpy(larger, block, had);
  wipe_and_free(block);
  return larger;
}

}  // namespace

bool curl_is_ready() {
  static const bool ready = curl_global_init_mem(CURL_GLOBAL_DEFAULT, std::malloc, wipe_and_free,
                                                 wiping_realloc, strdup, std::calloc) == CURLE_OK;
  return ready;
}

}  // namespace tongs::detail
