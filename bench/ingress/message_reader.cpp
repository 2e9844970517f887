#include "message_reader.hpp"

#include <algorithm>
#include <charconv>

namespace tongs::bench {

namespace {

constexpr std::size_t kRoom = 16'384;
constexpr std::string_view kLineEnd = "\r\n";

/// ASCII letters of either case are the same.
bool same(std::string_view a, std::string_view b) noexcept {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

/// The value of a header field; empty if there is none.
std::string_view field(std::string_view head, std::string_view name) noexcept {
  while (!head.empty()) {
    const auto end = head.find(kLineEnd);
    const std::string_view line = head.substr(0, end);
    if (line.size() > name.size() && line[name.size()] == ':' && same(line.substr(0, name.size()), name)) {
      const auto value = line.find_first_not_of(" \t", name.size() + 1);
      return value == std::string_view::npos ? std::string_view() : line.substr(value);
    }
    head.remove_prefix(end == std::string_view::npos ? head.size() : end + kLineEnd.size());
  }
  return {};
}

std::size_t number(std::string_view digits, int base) noexcept {
  std::size_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  return value;
}

/// The bytes of a body in chunks, with its trailers, at the front of `text`; nothing before all has come.
std::optional<std::size_t> chunked_size(std::string_view text) noexcept {
  std::size_t at = 0;
  for (bool body = true;;) {
    const auto end = text.find(kLineEnd, at);
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view line = text.substr(at, end - at);
    at = end + kLineEnd.size();
    if (!body && line.empty()) return at;
    if (!body) continue;
    const std::size_t chunk = number(line, 16);
    body = chunk > 0;
    if (body) at += chunk + kLineEnd.size();
  }
}

std::optional<std::size_t> body_size(std::string_view head, std::string_view rest) noexcept {
  if (same(field(head, "transfer-encoding"), "chunked")) return chunked_size(rest);
  const std::size_t size = number(field(head, "content-length"), 10);
  return rest.size() < size ? std::nullopt : std::optional(size);
}

}  // namespace

int Message::status() const noexcept {
  constexpr std::string_view version = "HTTP/1.1 ";
  return head.starts_with(version) ? static_cast<int>(number(head.substr(version.size(), 3), 10)) : 0;
}

std::span<char> MessageReader::room() {
  const auto begin = buffer_.begin();
  std::copy(begin + static_cast<std::ptrdiff_t>(begin_), begin + static_cast<std::ptrdiff_t>(end_), begin);
  end_ -= begin_;
  begin_ = 0;
  if (buffer_.size() - end_ < kRoom) buffer_.resize(end_ + kRoom);
  return std::span(buffer_).subspan(end_);
}

std::optional<Message> MessageReader::next() noexcept {
  constexpr std::string_view head_end = "\r\n\r\n";
  const std::string_view here(buffer_.data() + begin_, end_ - begin_);
  const auto found = here.find(head_end);
  if (found == std::string_view::npos) return std::nullopt;
  const std::string_view head = here.substr(0, found + head_end.size());
  const auto body = body_size(head, here.substr(head.size()));
  if (!body) return std::nullopt;
  const std::string_view text = here.substr(0, head.size() + *body);
  begin_ += text.size();
  return Message{text, head, same(field(head, "connection"), "close")};
}

}  // namespace tongs::bench
