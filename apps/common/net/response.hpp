#pragma once
#include <chrono>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace tongs::net {

/// Header lines under construction: `Name: value` and line end, ready for the wire. Values are checked, since
/// a line break in one would be a second header: a value that is not a field value (RFC 9110 5.5) is left
/// out.
class HeaderText {
 public:
  HeaderText& add(std::string_view name, std::string_view value) { return add(name, {value}); }
  /// The value is what `parts` are in a row.
  HeaderText& add(std::string_view name, std::initializer_list<std::string_view> parts);
  /// Lines of another HeaderText.
  HeaderText& add_lines(std::string_view lines) {
    text_ += lines;
    return *this;
  }
  std::string_view text() const noexcept { return text_; }
  std::string take() && noexcept { return std::move(text_); }
  /// Makes room for so many more bytes.
  void reserve(std::size_t bytes) { text_.reserve(text_.size() + bytes); }
  void clear() noexcept { text_.clear(); }

 private:
  std::string text_;
};

/// A whole answer.
struct Response {
  int status = 200;
  HeaderText headers;
  std::string body;

  static Response text(int status, std::string body, std::string_view type = "text/plain; charset=utf-8");
  static Response json(int status, std::string body);
  /// An error of ours (RFC 9457). `type` is the stable last part of its URI, such as the name of an `Errc`
  /// (written with hyphens), `detail` what is wrong and how to mend it.
  static Response problem(int status, std::string_view type, std::string_view detail);
  /// 405. `allowed`: the methods that this path has (RFC 9110 10.2.1).
  static Response wrong_method(std::string_view allowed);
  /// 503 with `Retry-After`: a second, if nothing better is known.
  static Response unavailable(std::string_view type, std::string_view detail,
                              std::optional<std::chrono::milliseconds> retry_after);

  /// Adds `Retry-After`, which knows whole seconds only, and none at all would mean at once.
  Response& retry_after(std::chrono::milliseconds wait);
};

/// The word for what a server refuses with this status before it is a request for anybody: stable, for a
/// problem's type, metrics and logs.
std::string_view refusal_word(int status) noexcept;

/// The reason phrase of RFC 9110 15, or an empty view.
std::string_view reason_phrase(int status) noexcept;

}  // namespace tongs::net
