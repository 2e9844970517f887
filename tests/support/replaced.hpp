#pragma once
#include <stdexcept>
#include <string>
#include <string_view>

namespace tongs {

/// `text` with its first `from` replaced. Throws if there is none, so that no test passes because its change
/// was not made.
inline std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t place = text.find(from);
  if (place == std::string::npos) throw std::invalid_argument("nothing to replace: " + std::string(from));
  text.replace(place, from.size(), to);
  return text;
}

}  // namespace tongs
