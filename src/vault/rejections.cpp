#include "vault/rejections.hpp"

#include <algorithm>
#include <utility>

namespace tongs::vault {

namespace {

constexpr std::size_t kMost = 16;

}  // namespace

void Rejections::add(std::shared_ptr<const Token> token, WallTime until, WallTime now) {
  std::erase_if(rejections_, [&](const Rejection& old) { return old.until <= now; });
  if (rejections_.size() == kMost) rejections_.erase(rejections_.begin());
  rejections_.push_back({std::move(token), until});
}

bool Rejections::hold(const Secret& token, WallTime now) const noexcept {
  return std::any_of(rejections_.begin(), rejections_.end(), [&](const Rejection& rejection) {
    return now < rejection.until && rejection.token->secret == token;
  });
}

}  // namespace tongs::vault
