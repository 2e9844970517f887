#include "common/log.hpp"

#include <array>
#include <atomic>
#include <memory>
#include <string>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <tongs/json.hpp>

namespace tongs::log {

namespace {

constexpr std::array<std::pair<std::string_view, Level>, 5> kLevels = {{{"debug", Level::debug},
                                                                        {"info", Level::info},
                                                                        {"warn", Level::warn},
                                                                        {"error", Level::error},
                                                                        {"off", Level::off}}};

std::atomic<bool> as_json{false};

spdlog::level::level_enum to_spdlog(Level level) noexcept {
  switch (level) {
    case Level::debug:
      return spdlog::level::debug;
    case Level::info:
      return spdlog::level::info;
    case Level::warn:
      return spdlog::level::warn;
    case Level::error:
      return spdlog::level::err;
    case Level::off:
      return spdlog::level::off;
  }
  return spdlog::level::info;
}

bool plain(std::string_view text) noexcept {
  return !text.empty() && text.find_first_of(" \"\\=") == std::string_view::npos &&
         json_quote(text).size() == text.size() + 2;
}

void write(Level level, std::string_view message, LogFields fields) {
  if (!enabled(level)) return;
  std::string line;
  if (as_json.load(std::memory_order_relaxed)) {
    line = ",\"message\":" + json_quote(message);
    for (const auto& [name, value] : fields)
      line.append(",").append(json_quote(name)).append(":").append(json_quote(value));
    line += '}';
  } else {
    line = message;
    for (const auto& [name, value] : fields) {
      line.append(" ").append(name).append("=").append(plain(value) ? std::string(value) : json_quote(value));
    }
  }
  spdlog::log(to_spdlog(level), "{}", line);
}

}  // namespace

void start(Level level, bool json) {
  as_json = json;
  spdlog::set_default_logger(
      std::make_shared<spdlog::logger>("tongs", std::make_shared<spdlog::sinks::stderr_sink_mt>()));
  spdlog::set_level(to_spdlog(level));
  spdlog::set_pattern(
      json ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l"%v)" : "%Y-%m-%dT%H:%M:%S.%eZ %-7l %v",
      spdlog::pattern_time_type::utc);
}

bool parse_level(std::string_view text, Level& level) noexcept {
  for (const auto& [name, value] : kLevels) {
    if (name == text) {
      level = value;
      return true;
    }
  }
  return false;
}

void debug(std::string_view message, LogFields fields) { write(Level::debug, message, fields); }
void info(std::string_view message, LogFields fields) { write(Level::info, message, fields); }
void warn(std::string_view message, LogFields fields) { write(Level::warn, message, fields); }
void error(std::string_view message, LogFields fields) { write(Level::error, message, fields); }

bool enabled(Level level) noexcept { return spdlog::should_log(to_spdlog(level)); }

}  // namespace tongs::log
