#pragma once
#include <memory>
#include <vector>

#include "vault/records.hpp"

namespace tongs::vault {

/// The system tokens of one installation that a peer lately answered with 401. Thread safety: none.
class Rejections {
 public:
  /// More than a few at a time are no rotation any more: the oldest is then forgotten.
  void add(std::shared_ptr<const Token> token, WallTime until, WallTime now);
  /// Is a token of these bytes among them?
  bool hold(const Secret& token, WallTime now) const noexcept;

 private:
  struct Rejection {
    std::shared_ptr<const Token> token;
    WallTime until;
  };
  std::vector<Rejection> rejections_;
};

}  // namespace tongs::vault
