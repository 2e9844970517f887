#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

namespace tongs::emulator {

namespace json = boost::json;

/// The first thing that is wrong with a JSON text that somebody sent or wrote. Unlike tongs::Error it may
/// repeat names out of that text: it goes back to its author, never into a log.
struct Problem {
  std::string message;  ///< empty: nothing is wrong
  std::string at;       ///< JSON Pointer (RFC 6901), or `line L, column C` of a text that is no JSON

  explicit operator bool() const noexcept { return !message.empty(); }
  /// Keeps the first.
  void set(std::string what, std::string where);
  /// One sentence for people.
  std::string describe() const;
};

/// Reads a JSON object member by member: kinds are checked, and a member that nobody asked for is a problem,
/// with a suggestion. Every reader gives nothing, or a default, for a member that is absent or wrong, so that
/// code reads straight on and looks at the problem once, at the end.
/// Borrows the object and the problem. Thread safety: none.
class Members {
 public:
  Members(const json::object& object, std::string at, Problem& problem)
      : object_(object), at_(std::move(at)), problem_(problem) {}
  Members(const Members&) = delete;
  Members& operator=(const Members&) = delete;

  std::optional<std::string> text(std::string_view name);
  std::string required_text(std::string_view name);
  std::optional<bool> boolean(std::string_view name);
  std::optional<std::int64_t> integer(std::string_view name, std::int64_t least, std::int64_t most);
  std::optional<double> number(std::string_view name, double least, double most);
  std::vector<std::string> texts(std::string_view name);
  const json::object* object(std::string_view name);
  const json::array* array(std::string_view name);
  /// Any kind, null included.
  const json::value* any(std::string_view name);
  /// Calls `each` for the members of every object in an array.
  void objects(std::string_view name, const std::function<void(Members&)>& each);
  /// Calls `each` for the members of an object, if it is there.
  void nested(std::string_view name, const std::function<void(Members&)>& each);

  /// Says what is wrong with a member that was read.
  void refuse(std::string_view name, std::string message);
  /// Reports members that nobody asked for. The last call for each object.
  void finish();

  const std::string& at() const noexcept { return at_; }
  bool sound() const noexcept { return !problem_; }

 private:
  const json::value* find(std::string_view name);
  std::string pointer(std::string_view name) const;

  const json::object& object_;
  std::string at_;
  Problem& problem_;
  std::vector<std::string_view> asked_;
};

/// Parses one JSON text, at most 64 levels deep. The problem says line and column.
std::variant<json::value, Problem> parse_json(std::string_view text);

/// The object in a text; an empty text counts as `{}`.
std::variant<json::object, Problem> parse_json_object(std::string_view text);

}  // namespace tongs::emulator
