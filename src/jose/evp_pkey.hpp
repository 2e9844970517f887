#pragma once
#include <memory>

struct evp_pkey_st;

namespace tongs::jose {

struct EvpPkeyFree {
  void operator()(evp_pkey_st* key) const noexcept;
};
/// An OpenSSL key whose header stays out of ours.
using EvpPkeyPtr = std::unique_ptr<evp_pkey_st, EvpPkeyFree>;

}  // namespace tongs::jose
