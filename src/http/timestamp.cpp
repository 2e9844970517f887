#include "http/timestamp.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

#include "http/ascii.hpp"

namespace tongs::detail {

namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::array<std::string_view, 7> kDays = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                   "Friday", "Saturday", "Sunday"};
constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// Reads a fixed format from left to right. After the first thing that does not fit, everything fails.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool at_end() const noexcept { return fits_ && rest_.empty(); }
  bool next_is(char c) const noexcept { return fits_ && rest_.starts_with(c); }

  void skip(std::string_view literal) noexcept {
    fits_ = fits_ && rest_.starts_with(literal);
    if (fits_) rest_.remove_prefix(literal.size());
  }

  int number(std::size_t digits) noexcept {
    fits_ = fits_ && rest_.size() >= digits && all_digits(rest_.substr(0, digits));
    int value = 0;
    for (std::size_t i = 0; fits_ && i < digits; ++i) value = value * 10 + (rest_[i] - '0');
    if (fits_) rest_.remove_prefix(digits);
    return value;
  }

  void skip_digits() noexcept {
    while (fits_ && !rest_.empty() && is_digit(rest_.front())) rest_.remove_prefix(1);
  }

  /// A word of the list, or its first `length` letters; the index counts from 0.
  template <std::size_t N>
  unsigned word(const std::array<std::string_view, N>& words, std::size_t length = std::string_view::npos) {
    const auto found = std::find_if(words.begin(), words.end(), [&](std::string_view candidate) {
      return rest_.starts_with(candidate.substr(0, length));
    });
    fits_ = fits_ && found != words.end();
    if (fits_) rest_.remove_prefix(found->substr(0, length).size());
    return static_cast<unsigned>(found - words.begin());
  }

 private:
  std::string_view rest_;
  bool fits_ = true;
};

struct Moment {
  int year = 0;
  unsigned month = 0, day = 0;
  int hour = 0, minute = 0, second = 0;
};

std::optional<WallTime> to_wall_time(const Moment& m) {
  const std::chrono::year_month_day date{std::chrono::year(m.year), std::chrono::month(m.month),
                                         std::chrono::day(m.day)};
  const bool fine = date.ok() && m.hour < 24 && m.minute < 60 && m.second <= 60;  // 60: a leap second
  if (!fine) return std::nullopt;
  return std::chrono::sys_days(date) + hours(m.hour) + minutes(m.minute) + seconds(m.second);
}

void read_time(Reader& in, Moment& m) {
  m.hour = in.number(2);
  in.skip(":");
  m.minute = in.number(2);
  in.skip(":");
  m.second = in.number(2);
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`
std::optional<WallTime> parse_imf(std::string_view text) {
  Reader in(text);
  Moment m;
  in.word(kDays, 3);
  in.skip(", ");
  m.day = static_cast<unsigned>(in.number(2));
  in.skip(" ");
  m.month = in.word(kMonths) + 1;
  in.skip(" ");
  m.year = in.number(4);
  in.skip(" ");
  read_time(in, m);
  in.skip(" GMT");
  return in.at_end() ? to_wall_time(m) : std::nullopt;
}

/// `Sunday, 06-Nov-94 08:49:37 GMT`
std::optional<WallTime> parse_rfc850(std::string_view text, WallTime now) {
  Reader in(text);
  Moment m;
  in.word(kDays);
  in.skip(", ");
  m.day = static_cast<unsigned>(in.number(2));
  in.skip("-");
  m.month = in.word(kMonths) + 1;
  in.skip("-");
  const int two_digits = in.number(2);
  in.skip(" ");
  read_time(in, m);
  in.skip(" GMT");
  if (!in.at_end()) return std::nullopt;
  const std::chrono::year_month_day today{std::chrono::floor<std::chrono::days>(now)};
  const int this_year = static_cast<int>(today.year());
  m.year = this_year - this_year % 100 + two_digits;
  if (m.year > this_year + 50) m.year -= 100;
  return to_wall_time(m);
}

/// `Sun Nov  6 08:49:37 1994`
std::optional<WallTime> parse_asctime(std::string_view text) {
  Reader in(text);
  Moment m;
  in.word(kDays, 3);
  in.skip(" ");
  m.month = in.word(kMonths) + 1;
  in.skip(" ");
  const bool one_digit = in.next_is(' ');
  if (one_digit) in.skip(" ");
  m.day = static_cast<unsigned>(in.number(one_digit ? 1 : 2));
  in.skip(" ");
  read_time(in, m);
  in.skip(" ");
  m.year = in.number(4);
  return in.at_end() ? to_wall_time(m) : std::nullopt;
}

/// `Z`, `+hh:mm` or `+hhmm`: what must be taken off to come to UTC.
minutes read_offset(Reader& in) {
  if (in.next_is('Z')) {
    in.skip("Z");
    return minutes(0);
  }
  const bool west = in.next_is('-');
  in.skip(west ? "-" : "+");
  const hours h(in.number(2));
  if (in.next_is(':')) in.skip(":");
  const minutes offset = h + minutes(in.number(2));
  return west ? -offset : offset;
}

}  // namespace

std::optional<WallTime> parse_http_date(std::string_view text, WallTime now) {
  if (const auto time = parse_imf(text)) return time;
  if (const auto time = parse_rfc850(text, now)) return time;
  return parse_asctime(text);
}

std::optional<WallTime> parse_iso_time(std::string_view text) {
  Reader in(text);
  Moment m;
  m.year = in.number(4);
  in.skip("-");
  m.month = static_cast<unsigned>(in.number(2));
  in.skip("-");
  m.day = static_cast<unsigned>(in.number(2));
  in.skip("T");
  m.hour = in.number(2);
  in.skip(":");
  m.minute = in.number(2);
  if (in.next_is(':')) {
    in.skip(":");
    m.second = in.number(2);
  }
  if (in.next_is('.')) {
    in.skip(".");
    in.skip_digits();
  }
  const minutes offset = read_offset(in);
  if (!in.at_end()) return std::nullopt;
  const auto local = to_wall_time(m);
  return local ? std::optional(*local - offset) : std::nullopt;
}

std::string format_http_date(std::chrono::sys_seconds time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::string_view weekday = kDays[std::chrono::weekday(day).iso_encoding() - 1];
  const std::string_view month = kMonths[static_cast<unsigned>(date.month()) - 1];
  const std::chrono::hh_mm_ss clock(time - day);
  std::array<char, 64> text{};
  const int length =
      std::snprintf(text.data(), text.size(), "%.3s, %02u %.3s %04d %02ld:%02ld:%02ld GMT", weekday.data(),
                    static_cast<unsigned>(date.day()), month.data(), static_cast<int>(date.year()),
                    clock.hours().count(), clock.minutes().count(), clock.seconds().count());
  return {text.data(), static_cast<std::size_t>(length)};
}

std::string format_iso_time(std::chrono::sys_time<std::chrono::milliseconds> time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  std::array<char, 64> text{};
  const int length = std::snprintf(
      text.data(), text.size(), "%04d-%02u-%02uT%02ld:%02ld:%02ld.%03ldZ", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
      clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
  return {text.data(), static_cast<std::size_t>(length)};
}

}  // namespace tongs::detail
