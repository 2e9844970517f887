#include "common/net/short_head.hpp"

#include <algorithm>
#include <cstring>

#include "http/header_rules.hpp"

namespace tongs::net {

namespace {

constexpr std::string_view kLineEnd = "\r\n";
/// Of a line: its name and more stand there, so that what follows is the inside of a value.
constexpr std::size_t kKept = 40;
constexpr std::size_t kWorthIt = 128;

bool is_visible(std::string_view text) noexcept {
  unsigned char furthest = 0;
  for (const char c : text) {  // to its end, so that the compiler can look at many bytes at once
    furthest = std::max(furthest, static_cast<unsigned char>(c - '!'));
  }
  return furthest <= '~' - '!';
}

/// What of a line, which has its end, need not be read.
std::string_view dead_weight(std::string_view line) noexcept {
  if (line.size() < kKept + kWorthIt || !line.ends_with(kLineEnd)) return {};
  const std::string_view rest = line.substr(kKept, line.size() - kKept - kLineEnd.size());
  const std::string_view name = line.substr(0, line.substr(0, kKept).find(':'));
  if (name.size() >= kKept || !detail::is_token(name) || detail::is_framing(name)) return {};
  return is_visible(rest) ? rest.substr(1, rest.size() - 2) : std::string_view();
}

}  // namespace

bool ShortHead::shorten(std::string_view message) noexcept {
  begin_ = message.data();
  size_ = gap_count_ = 0;
  if (message.size() < kKept + kWorthIt) return false;
  for (bool first = true; !message.empty(); first = false) {
    const std::string_view line = message.substr(0, std::min(message.find('\n'), message.size() - 1) + 1);
    message.remove_prefix(line.size());
    if (!(first ? add(line) : add_line(line))) return false;
    if (line == kLineEnd) return gap_count_ > 0;
  }
  return false;
}

bool ShortHead::add(std::string_view piece) noexcept {
  if (piece.size() > text_.size() - size_) return false;
  std::memcpy(text_.data() + size_, piece.data(), piece.size());
  size_ += piece.size();
  return true;
}

bool ShortHead::add_line(std::string_view line) noexcept {
  const std::string_view gap = gap_count_ < gaps_.size() ? dead_weight(line) : std::string_view();
  if (gap.empty()) return add(line);
  const auto before = static_cast<std::size_t>(gap.data() - line.data());
  if (!add(line.substr(0, before))) return false;
  gaps_[gap_count_++] = {size_, gap.size()};
  return add(line.substr(before + gap.size()));
}

std::size_t ShortHead::whole_size(std::size_t size) const noexcept {
  std::size_t whole = size;
  for (std::size_t i = 0; i < gap_count_; ++i) whole += gaps_[i].at < size ? gaps_[i].size : 0;
  return whole;
}

std::string_view ShortHead::whole(std::string_view part) const noexcept {
  const auto from = static_cast<std::size_t>(part.data() - text_.data());
  const std::size_t begin = whole_size(from), end = whole_size(from + part.size());
  return {begin_ + begin, end - begin};
}

}  // namespace tongs::net
