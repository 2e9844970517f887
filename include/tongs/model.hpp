#pragma once
#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include <tongs/json.hpp>

namespace tongs {

/// What typed answers are made of: a view into a parsed answer that keeps it alive. Nothing is copied out of
/// it until an accessor's caller does so, and views it gives (`std::string_view`, JsonView) live as long as
/// any copy. A member that is missing, null or of another kind is empty: servers omit what they like. Thread
/// safety: const.
class Model {
 public:
  explicit Model(JsonDocument document)
      : document_(std::make_shared<const JsonDocument>(std::move(document))), json_(document_->root()) {}
  /// A part of `document`.
  Model(std::shared_ptr<const JsonDocument> document, JsonView json) noexcept
      : document_(std::move(document)), json_(json) {}

  /// Everything, also what this type does not know.
  JsonView json() const noexcept { return json_; }
  const std::shared_ptr<const JsonDocument>& document() const noexcept { return document_; }
  /// Is it there, and not null?
  bool exists() const noexcept { return json_.exists() && !json_.is_null(); }

 protected:
  std::optional<std::string_view> string_of(std::string_view name) const noexcept {
    return json_[name].string();
  }
  std::optional<std::int64_t> integer_of(std::string_view name) const noexcept {
    return json_[name].integer();
  }
  std::optional<double> number_of(std::string_view name) const noexcept { return json_[name].number(); }
  std::optional<bool> boolean_of(std::string_view name) const noexcept { return json_[name].boolean(); }

 private:
  std::shared_ptr<const JsonDocument> document_;
  JsonView json_;
};

/// A list of such parts, made one by one while it is walked.
/// Thread safety: const.
template <class T>
class ModelList {
 public:
  ModelList(std::shared_ptr<const JsonDocument> document, JsonView array) noexcept
      : document_(std::move(document)), array_(array) {}
  /// A whole answer.
  explicit ModelList(const Model& answer) noexcept : ModelList(answer.document(), answer.json()) {}

  std::size_t size() const noexcept { return array_.size(); }
  bool empty() const noexcept { return begin() == end(); }

  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using pointer = void;
    using reference = T;

    Iterator() = default;
    T operator*() const { return T(document_, *at_); }
    Iterator& operator++() noexcept {
      ++at_;
      return *this;
    }
    Iterator operator++(int) noexcept { return {document_, at_++}; }
    friend bool operator==(const Iterator& a, const Iterator& b) noexcept { return a.at_ == b.at_; }

   private:
    friend class ModelList;
    Iterator(std::shared_ptr<const JsonDocument> document, JsonView::Iterator at) noexcept
        : document_(std::move(document)), at_(at) {}
    std::shared_ptr<const JsonDocument> document_;
    JsonView::Iterator at_;
  };

  Iterator begin() const noexcept { return {document_, array_.begin()}; }
  Iterator end() const noexcept { return {document_, array_.end()}; }

 private:
  std::shared_ptr<const JsonDocument> document_;
  JsonView array_;
};

/// An object whose names are data and whose values are such parts.
/// Thread safety: const.
template <class T>
class ModelMap {
 public:
  ModelMap(std::shared_ptr<const JsonDocument> document, JsonView object) noexcept
      : document_(std::move(document)), object_(object) {}

  std::size_t size() const noexcept { return object_.size(); }
  /// The part of that name; one that does not exist if there is none.
  T operator[](std::string_view name) const { return T(document_, object_[name]); }
  /// To be walked, with the names.
  JsonView json() const noexcept { return object_; }

 private:
  std::shared_ptr<const JsonDocument> document_;
  JsonView object_;
};

}  // namespace tongs
