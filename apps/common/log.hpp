#pragma once
#include <initializer_list>
#include <string_view>
#include <utility>

namespace tongs::log {

enum class Level { debug, info, warn, error, off };

/// One fact that goes with a message. Never a secret, never what a peer said: an id, a count, a code.
using Field = std::pair<std::string_view, std::string_view>;
using LogFields = std::initializer_list<Field>;

/// Sends all logs of the process to standard error, as one line of text each, or of JSON if `json`.
void start(Level level, bool json);
/// `debug`, `info`, `warn`, `error` or `off`.
bool parse_level(std::string_view text, Level& level) noexcept;

/// `message`: a literal that says what happened. Line breaks and control bytes in values are escaped.
/// Thread safety: any.
void debug(std::string_view message, LogFields fields = {});
void info(std::string_view message, LogFields fields = {});
void warn(std::string_view message, LogFields fields = {});
void error(std::string_view message, LogFields fields = {});
bool enabled(Level level) noexcept;

}  // namespace tongs::log
