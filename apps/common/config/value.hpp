#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <tongs/result.hpp>
#include <tongs/secret.hpp>

#include "common/config/setting.hpp"
#include "common/config/toml_source.hpp"
#include "common/net/address.hpp"
#include "http/url.hpp"

namespace tongs::config {

/// The setting has no value.
struct Unset {};
/// An address that says: do not listen.
struct Off {};
using Strings = std::vector<std::string>;

/// By kind: text `std::string` (secret: `Secret`), integer and size (in bytes) `std::int64_t`, boolean
/// `bool`, duration `std::chrono::milliseconds`, list `Strings`, path `std::filesystem::path` (absolute if
/// the directory is), address `net::ListenAddress` or `Off`, url `detail::Url`.
using Value = std::variant<Unset, std::string, Secret, std::int64_t, bool, std::chrono::milliseconds, Strings,
                           std::filesystem::path, net::ListenAddress, Off, detail::Url>;

/// The value that `text` means, as a variable of the environment says it. Relative paths are below
/// `directory`. Errors: invalid_argument, with what is wrong and how to mend it.
Result<Value> value_of_text(const Setting& setting, std::string_view text,
                            const std::filesystem::path& directory);

/// The value of a TOML node, or all that is wrong with it: `errors` gets at least one if the value is Unset.
Value value_of_node(const Setting& setting, const Node& node, const std::filesystem::path& directory,
                    std::vector<SyntaxError>& errors);

/// As TOML; a secret is `"********"`. Precondition: it has a value.
std::string toml_text(const Setting& setting, const Value& value);

}  // namespace tongs::config
