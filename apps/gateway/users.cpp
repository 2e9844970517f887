#include "gateway/users.hpp"

#include <charconv>
#include <vector>

#include <pwd.h>

namespace tongs::gateway {

std::optional<uid_t> uid_of(const std::string& user) {
  uid_t number = 0;
  const auto [end, failed] = std::from_chars(user.data(), user.data() + user.size(), number);
  if (failed == std::errc() && end == user.data() + user.size()) return number;
  constexpr std::size_t room = std::size_t{16} * 1024;
  std::vector<char> texts(room);
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwnam_r(user.c_str(), &entry, texts.data(), texts.size(), &found) != 0 || !found)
    return std::nullopt;
  return found->pw_uid;
}

}  // namespace tongs::gateway
