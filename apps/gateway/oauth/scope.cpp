#include "gateway/oauth/scope.hpp"

namespace tongs::gateway::oauth {

namespace {

/// Takes the next word off the front; empty at the end.
std::string_view next_word(std::string_view& list) noexcept {
  list.remove_prefix(std::min(list.find_first_not_of(' '), list.size()));
  const std::string_view word = list.substr(0, list.find(' '));
  list.remove_prefix(word.size());
  return word;
}

bool has_word(std::string_view list, std::string_view wanted) noexcept {
  for (auto word = next_word(list); !word.empty(); word = next_word(list)) {
    if (word == wanted) return true;
  }
  return false;
}

}  // namespace

bool satisfies(const std::optional<std::string>& held, std::string_view wanted) {
  for (auto word = next_word(wanted); !word.empty(); word = next_word(wanted)) {
    if (!held || !has_word(*held, word)) return false;
  }
  return true;
}

}  // namespace tongs::gateway::oauth
