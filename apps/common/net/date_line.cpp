#include "common/net/date_line.hpp"

#include <chrono>
#include <ctime>
#include <string>

#include <tongs/http.hpp>

#include "http/timestamp.hpp"

namespace tongs::net {

std::string_view date_line() {
  thread_local std::time_t second = -1;
  thread_local std::string line;
  timespec now{};
  clock_gettime(CLOCK_REALTIME_COARSE, &now);  // of which this takes the seconds, many times in each
  if (now.tv_sec != second) {
    second = now.tv_sec;
    line =
        "Date: " + detail::format_http_date(std::chrono::sys_seconds{std::chrono::seconds(second)}) + "\r\n";
  }
  return line;
}

bool has_date(std::string_view header_lines) noexcept {
  constexpr std::string_view name = "date";
  while (header_lines.size() > name.size()) {
    if (header_lines[name.size()] == ':' && same_header_name(header_lines.substr(0, name.size()), name))
      return true;
    const auto end = header_lines.find('\n');
    if (end == std::string_view::npos) return false;
    header_lines.remove_prefix(end + 1);
  }
  return false;
}

}  // namespace tongs::net
