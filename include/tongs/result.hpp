#pragma once
#include <exception>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>
#include <variant>

#include <tongs/error.hpp>

namespace tongs {

/// Thrown by `Result::value()` alone, for callers who prefer exceptions. Carries the Error.
class BadResult : public std::exception {
 public:
  explicit BadResult(Error error);
  const char* what() const noexcept override;
  const Error& error() const noexcept;

 private:
  Error error_;
  std::string text_;
};

/// A value or an Error. The names are those of std::expected; the type is the same in every language mode, so
/// it can stand in an ABI. Reading the side that is not there is undefined, as with std::expected. Thread
/// safety: that of T.
template <class T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value) : value_(std::move(value)), has_value_(true) {}
  Result(Error error) : error_(std::move(error)), has_value_(false) {}
  Result(const Result& other)
    requires std::is_copy_constructible_v<T>
      : has_value_(other.has_value_) {
    if (has_value_) {
      std::construct_at(std::addressof(value_), other.value_);
    } else {
      std::construct_at(std::addressof(error_), other.error_);
    }
  }
  Result(Result&& other) noexcept(std::is_nothrow_move_constructible_v<T>) : has_value_(other.has_value_) {
    if (has_value_) {
      std::construct_at(std::addressof(value_), std::move(other.value_));
    } else {
      std::construct_at(std::addressof(error_), std::move(other.error_));
    }
  }
  Result& operator=(const Result& other)
    requires std::is_copy_constructible_v<T>
  {
    return *this = Result(other);
  }
  Result& operator=(Result&& other) noexcept {
    if (this == &other) return *this;
    std::destroy_at(this);
    std::construct_at(this, std::move(other));
    return *this;
  }
  ~Result() {
    if (has_value_) {
      std::destroy_at(std::addressof(value_));
    } else {
      std::destroy_at(std::addressof(error_));
    }
  }

  bool has_value() const noexcept { return has_value_; }
  explicit operator bool() const noexcept { return has_value(); }

  T& operator*() & noexcept { return value_; }
  const T& operator*() const& noexcept { return value_; }
  T&& operator*() && noexcept { return std::move(value_); }
  T* operator->() noexcept { return std::addressof(value_); }
  const T* operator->() const noexcept { return std::addressof(value_); }

  const Error& error() const& noexcept { return error_; }
  Error&& error() && noexcept { return std::move(error_); }

  /// The value, or BadResult is thrown.
  const T& value() const& {
    if (!has_value()) throw BadResult(error());
    return **this;
  }
  T value() && {
    if (!has_value()) throw BadResult(error());
    return std::move(**this);
  }
  template <class U>
  T value_or(U&& other) && {
    return has_value() ? std::move(**this) : static_cast<T>(std::forward<U>(other));
  }

  /// `next(value)`, which gives a Result, or this Error.
  template <class F>
  auto and_then(F&& next) && -> std::invoke_result_t<F, T&&> {
    if (!has_value()) return std::move(*this).error();
    return std::invoke(std::forward<F>(next), std::move(**this));
  }
  /// `change(value)` in a Result, or this Error.
  template <class F>
  auto transform(F&& change) && -> Result<std::invoke_result_t<F, T&&>> {
    if (!has_value()) return std::move(*this).error();
    return std::invoke(std::forward<F>(change), std::move(**this));
  }

 private:
  // Not a std::variant: there is one of these for every type of the product APIs, and instantiating variants
  // took more than half of the time to compile them.
  union {
    T value_;
    Error error_;
  };
  bool has_value_;
};

/// Success without a value, or an Error.
template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;

  Result() = default;
  Result(Error error) : error_(std::in_place_index<1>, std::move(error)) {}

  bool has_value() const noexcept { return error_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }
  const Error& error() const& noexcept { return *std::get_if<1>(&error_); }
  Error&& error() && noexcept { return std::move(*std::get_if<1>(&error_)); }
  void value() const {
    if (!has_value()) throw BadResult(error());
  }
  template <class F>
  auto and_then(F&& next) && -> std::invoke_result_t<F> {
    if (!has_value()) return std::move(*this).error();
    return std::invoke(std::forward<F>(next));
  }

 private:
  std::variant<std::monostate, Error> error_;
};

}  // namespace tongs
