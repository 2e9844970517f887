#include "common/config/value.hpp"

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

#include <tongs/json.hpp>

#include "base/nearest.hpp"
#include "base/utf8.hpp"
#include "common/config/units.hpp"
#include "http/ascii.hpp"

namespace tongs::config {

namespace {

Error wrong(std::string message) { return {Errc::invalid_argument, std::move(message)}; }

std::string amount_text(const Setting& setting, std::int64_t amount) {
  if (setting.kind == Kind::duration) return format_duration(std::chrono::milliseconds(amount));
  return setting.kind == Kind::size ? format_size(amount) : std::to_string(amount);
}

std::string with_range(std::string_view what, const Setting& setting) {
  std::string text(what);
  if (setting.most == std::numeric_limits<std::int64_t>::max()) {
    return text + " of at least " + amount_text(setting, setting.least);
  }
  return text + " from " + amount_text(setting, setting.least) + " to " + amount_text(setting, setting.most);
}

std::string one_of(const std::vector<std::string_view>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text.append(json_quote(words[i]));
  }
  return text;
}

/// What the setting wants, as the end of "must be …".
std::string wanted(const Setting& setting) {
  switch (setting.kind) {
    case Kind::text:
      return setting.allowed.empty() ? "a string" : one_of(setting.allowed);
    case Kind::integer:
      return with_range("a whole number", setting);
    case Kind::boolean:
      return "true or false";
    case Kind::duration:
      return with_range("a duration, such as \"250ms\", \"30s\" or \"5m\",", setting);
    case Kind::size:
      return with_range("a size, such as \"512B\", \"16KiB\" or \"1MiB\",", setting);
    case Kind::list:
      return setting.allowed.empty() ? "a list of strings" : "a list of " + one_of(setting.allowed);
    case Kind::path:
      return setting.can_be_off ? "the path of a file, as a string, or \"off\""
                                : "the path of a file, as a string";
    case Kind::address:
      return setting.can_be_off ? "an address, such as \"127.0.0.1:8080\", or \"off\""
                                : "an address, such as \"127.0.0.1:8080\"";
    case Kind::url:
      return "a URL, such as \"http://127.0.0.1:9000\"";
  }
  return {};
}

Error unfit(const Setting& setting) { return wrong("must be " + wanted(setting)); }

/// A string that may stand in a file, a log and a terminal.
Result<void> check_characters(std::string_view text) {
  if (text.empty()) return wrong("must not be empty: leave it out to get the default");
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) return wrong("must be UTF-8");
    if (detail::is_control(text.front())) return wrong("must not have control characters");
    text.remove_prefix(length);
  }
  return {};
}

Result<void> check_word(const Setting& setting, std::string_view word) {
  if (auto fine = check_characters(word); !fine) return fine;
  const auto& allowed = setting.allowed;
  if (allowed.empty() || std::find(allowed.begin(), allowed.end(), word) != allowed.end()) return {};
  std::string message = "must be " + one_of(allowed);
  if (const auto meant = nearest(word, allowed)) message += "; did you mean " + json_quote(*meant) + "?";
  return wrong(std::move(message));
}

Result<Value> text_value(const Setting& setting, std::string_view text) {
  if (auto fine = check_word(setting, text); !fine) return fine.error();
  if (setting.secret) return Value(Secret(text));
  return Value(std::string(text));
}

Result<std::int64_t> in_range(const Setting& setting, std::optional<std::int64_t> amount) {
  if (!amount || *amount < setting.least || *amount > setting.most) return unfit(setting);
  return *amount;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

Result<Value> number_value(const Setting& setting, std::optional<std::int64_t> amount) {
  return in_range(setting, amount).transform([](std::int64_t number) { return Value(number); });
}

Result<Value> duration_value(const Setting& setting, std::string_view text) {
  const auto duration = parse_duration(text);
  if (!duration) return unfit(setting);
  return in_range(setting, duration->count()).transform([&](std::int64_t) { return Value(*duration); });
}

Result<Value> boolean_value(const Setting& setting, std::string_view text) {
  if (text != "true" && text != "false") return unfit(setting);
  return Value(text == "true");
}

std::filesystem::path below(const std::filesystem::path& directory, std::string_view text) {
  return (directory / std::filesystem::path(text)).lexically_normal();
}

Result<Value> path_value(const Setting& setting, std::string_view text,
                         const std::filesystem::path& directory) {
  if (setting.can_be_off && text == "off") return Value(Off{});
  if (auto fine = check_characters(text); !fine) return fine.error();
  return Value(below(directory, text));
}

Result<Value> address_value(const Setting& setting, std::string_view text,
                            const std::filesystem::path& directory) {
  if (setting.can_be_off && (text.empty() || text == "off")) return Value(Off{});
  if (auto fine = check_characters(text); !fine) return fine.error();
  std::string full(text);
  if (text.starts_with("unix:") && text.size() > 5)
    full = "unix:" + below(directory, text.substr(5)).string();
  return net::ListenAddress::parse(full).transform(
      [](net::ListenAddress address) { return Value(std::move(address)); });
}

Result<Value> url_value(std::string_view text) {
  return detail::parse_url(text).transform([](detail::Url url) { return Value(std::move(url)); });
}

/// A string of the list, and where it stands.
using Element = std::pair<std::string_view, Position>;

Value list_value(const Setting& setting, const std::vector<Element>& elements,
                 std::vector<SyntaxError>& errors) {
  Strings list;
  for (const auto& [word, at] : elements) {
    if (auto fine = check_word(setting, word); !fine) {
      errors.push_back({at, std::string(fine.error().message())});
    } else if (std::find(list.begin(), list.end(), word) != list.end()) {
      errors.push_back({at, "has this element twice: delete one"});
    }
    list.emplace_back(word);
  }
  return Value(std::move(list));
}

std::vector<Element> split(std::string_view text) {
  std::vector<Element> elements;
  if (detail::trim(text).empty()) return elements;
  for (;;) {
    const std::size_t comma = text.find(',');
    elements.emplace_back(detail::trim(text.substr(0, comma)), Position{});
    if (comma == std::string_view::npos) return elements;
    text.remove_prefix(comma + 1);
  }
}

Result<Value> list_of_text(const Setting& setting, std::string_view text) {
  std::vector<SyntaxError> errors;
  Value list = list_value(setting, split(text), errors);
  if (!errors.empty()) return wrong(std::move(errors.front().message));
  return list;
}

Value list_of_array(const Setting& setting, const Array& array, std::vector<SyntaxError>& errors) {
  std::vector<Element> elements;
  for (const Node& node : array) {
    if (const auto* word = std::get_if<std::string>(&node.value)) {
      elements.emplace_back(*word, node.at);
    } else {
      errors.push_back(
          {node.at, "must be " + wanted(setting) + ", but this element is " + std::string(node.kind())});
    }
  }
  return list_value(setting, elements, errors);
}

/// Does TOML write this kind as a string?
bool is_written_as_string(Kind kind) noexcept {
  return kind != Kind::integer && kind != Kind::boolean && kind != Kind::list;
}

Result<Value> scalar_of_node(const Setting& setting, const Node& node,
                             const std::filesystem::path& directory) {
  if (const auto* text = std::get_if<std::string>(&node.value); text && is_written_as_string(setting.kind)) {
    return value_of_text(setting, *text, directory);
  }
  const bool counts = setting.kind == Kind::integer || setting.kind == Kind::size;
  if (const auto* number = std::get_if<std::int64_t>(&node.value); number && counts) {
    return number_value(setting, *number);
  }
  if (const bool* flag = std::get_if<bool>(&node.value); flag && setting.kind == Kind::boolean) {
    return Value(*flag);
  }
  return wrong("must be " + wanted(setting) + ", but is " + std::string(node.kind()));
}

std::string toml_list(const Strings& list) {
  std::string text;
  for (const std::string& element : list) text.append(text.empty() ? "" : ", ").append(json_quote(element));
  return '[' + text + ']';
}

std::string address_text(const net::ListenAddress& address) {
  if (address.is_unix()) return "unix:" + address.unix_path;
  const bool is_v6 = address.host.find(':') != std::string::npos;
  return (is_v6 ? '[' + address.host + ']' : address.host) + ':' + std::to_string(address.port);
}

}  // namespace

Result<Value> value_of_text(const Setting& setting, std::string_view text,
                            const std::filesystem::path& directory) {
  switch (setting.kind) {
    case Kind::text:
      return text_value(setting, text);
    case Kind::integer:
      return number_value(setting, parse_integer(text));
    case Kind::boolean:
      return boolean_value(setting, text);
    case Kind::duration:
      return duration_value(setting, text);
    case Kind::size:
      return number_value(setting, parse_size(text));
    case Kind::list:
      return list_of_text(setting, text);
    case Kind::path:
      return path_value(setting, text, directory);
    case Kind::address:
      return address_value(setting, text, directory);
    case Kind::url:
      return url_value(text);
  }
  return unfit(setting);
}

Value value_of_node(const Setting& setting, const Node& node, const std::filesystem::path& directory,
                    std::vector<SyntaxError>& errors) {
  if (const auto* array = std::get_if<Array>(&node.value); array && setting.kind == Kind::list) {
    return list_of_array(setting, *array, errors);
  }
  auto value = scalar_of_node(setting, node, directory);
  if (value) return std::move(*value);
  errors.push_back({node.at, std::string(value.error().message())});
  return Unset{};
}

std::string toml_text(const Setting& setting, const Value& value) {
  struct Printer {
    const Setting& setting;
    std::string operator()(Unset) const { return {}; }
    std::string operator()(const std::string& text) const { return json_quote(text); }
    std::string operator()(const Secret&) const { return "\"********\""; }
    std::string operator()(std::int64_t number) const {
      const std::string text = amount_text(setting, number);
      return setting.kind == Kind::size ? json_quote(text) : text;
    }
    std::string operator()(bool flag) const { return flag ? "true" : "false"; }
    std::string operator()(std::chrono::milliseconds time) const { return json_quote(format_duration(time)); }
    std::string operator()(const Strings& list) const { return toml_list(list); }
    std::string operator()(const std::filesystem::path& path) const { return json_quote(path.string()); }
    std::string operator()(const net::ListenAddress& address) const {
      return json_quote(address_text(address));
    }
    std::string operator()(Off) const { return "\"off\""; }
    std::string operator()(const detail::Url& url) const { return json_quote(url.text()); }
  };
  return std::visit(Printer{setting}, value);
}

}  // namespace tongs::config
