#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace tongs::net {

/// Header lines under construction: `Name: value` and line end, ready for the wire. Values are checked, since
/// a line break in one would be a second header: a value that is not a field value (RFC 9110 5.5) is left
/// out.
class HeaderText {
 public:
  HeaderText& add(std::string_view name, std::string_view value);
  /// Lines of another HeaderText.
  HeaderText& add_lines(std::string_view lines) {
    text_ += lines;
    return *this;
  }
  std::string_view text() const noexcept { return text_; }
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
  /// 503 with `Retry-After`: a second, if nothing better is known.
  static Response unavailable(std::string_view type, std::string_view detail,
                              std::optional<std::chrono::milliseconds> retry_after);
};

/// The reason phrase of RFC 9110 15, or an empty view.
std::string_view reason_phrase(int status) noexcept;

}  // namespace tongs::net
