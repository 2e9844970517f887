#pragma once
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <tongs/result.hpp>

namespace tongs {

template <class T>
concept WholeNumber = std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char>;

/// What stands in a brace of an operation's path. Ids are numbers in one place of the APIs and strings in the
/// next, so both are taken. Without a default: a request that names no issue does not compile.
/// Thread safety: const.
class PathValue {
 public:
  PathValue(std::string text) noexcept : text_(std::move(text)) {}
  PathValue(std::string_view text) : text_(text) {}
  PathValue(const char* text) : text_(text) {}
  template <WholeNumber Number>
  PathValue(Number number) : text_(std::to_string(number)) {}

  const std::string& text() const noexcept { return text_; }

 private:
  std::string text_;
};

/// A member of a request that must be given. It has no default, so leaving it out does not compile, and a
/// request stays an aggregate with names for its members.
template <class T>
class Required {
 public:
  template <class U>
    requires std::convertible_to<U, T>
  Required(U&& value) : value_(std::forward<U>(value)) {}
  template <class U>
    requires std::constructible_from<T, std::initializer_list<U>> && (!std::same_as<T, std::string>)
  Required(std::initializer_list<U> values) : value_(values) {}

  const T& operator*() const noexcept { return value_; }

 private:
  T value_;
};

/// JSON to be sent. Thread safety: const.
class Json {
 public:
  Json() : text_("null") {}
  Json(std::nullptr_t) : Json() {}
  template <std::same_as<bool> Flag>
  Json(Flag value) : text_(value ? "true" : "false") {}
  template <WholeNumber Number>
  Json(Number value) : text_(std::to_string(value)) {}
  /// NaN and infinity, which JSON does not have, become null.
  Json(double value);
  Json(std::string_view text);
  Json(const char* text) : Json(std::string_view(text)) {}
  Json(const std::string& text) : Json(std::string_view(text)) {}

  static Json array(const std::vector<Json>& items);
  static Json object(const std::vector<std::pair<std::string, Json>>& members);
  /// `text` as it is. Precondition: it is JSON; the server will say if it is not.
  static Json raw(std::string text);
  /// Errors: invalid_argument (not JSON).
  static Result<Json> parse(std::string text);

  const std::string& text() const noexcept { return text_; }

 private:
  struct AsItIs {};
  Json(AsItIs, std::string text) noexcept : text_(std::move(text)) {}
  std::string text_;
};

/// What typed bodies are made of: a JSON object whose members are set one by one, in that order. A member
/// that is set again keeps its place and has the later value. Thread safety: const.
class Input {
 public:
  /// Also what this type does not know: custom fields, and what upstream added.
  Input& set(std::string_view name, const Json& value);
  Json json() const;
  operator Json() const { return json(); }

 protected:
  void put(const char* name, std::string_view text);
  void put(const char* name, const char* text) { put(name, std::string_view(text)); }
  void put(const char* name, std::int64_t number);
  void put(const char* name, double number);
  void put(const char* name, bool flag);
  void put(const char* name, const Json& json);
  void put(const char* name, const Input& object);
  void put(const char* name, const std::vector<std::string>& texts);
  void put(const char* name, const std::vector<std::int64_t>& numbers);
  void put(const char* name, const std::vector<Json>& values);
  template <std::derived_from<Input> T>
  void put(const char* name, const std::vector<T>& objects) {
    std::string list;
    for (const Input& object : objects) append(list, object);
    put_list(name, std::move(list));
  }

 private:
  void put_text(std::string_view name, std::string json);
  static void append(std::string& list, const Input& object);
  void put_list(std::string_view name, std::string items);
  std::vector<std::pair<std::string, std::string>> members_;
};

/// The body of an operation: its own type, or JSON that you wrote.
template <class Typed>
class Body {
 public:
  Body(const Typed& typed) : json_(typed.json()) {}
  Body(Json json) noexcept : json_(std::move(json)) {}

  const Json& json() const noexcept { return json_; }

 private:
  Json json_;
};

/// A file to be uploaded.
struct FilePart {
  /// As the product will show it: no path, no line break.
  Required<std::string> name;
  Required<std::string> content;
  std::string content_type = "application/octet-stream";

  /// A file of this machine under its own name. It is read whole: transports send bodies from memory.
  /// Errors: invalid_argument (it cannot be read, or is larger than 1 GiB).
  static Result<FilePart> from_file(const std::string& path);
};

/// What an upload must be given: one file or more.
class Files {
 public:
  Files(std::initializer_list<FilePart> files) : all_(files) {}
  Files(std::vector<FilePart> files) noexcept : all_(std::move(files)) {}
  Files(FilePart file) { all_.push_back(std::move(file)); }

  const std::vector<FilePart>& all() const noexcept { return all_; }

 private:
  std::vector<FilePart> all_;
};

}  // namespace tongs
