#pragma once
#include <concepts>
#include <functional>
#include <iterator>
#include <optional>
#include <utility>

#include <tongs/call_options.hpp>
#include <tongs/model.hpp>
#include <tongs/paging.hpp>
#include <tongs/result.hpp>

namespace tongs {

/// The pages of an operation whose list holds T. `next` gives page after page; `items` and `for_each` give
/// item after item and ask for the next page when it is needed, so that who stops early asks for no more.
/// `position` is where the next page begins: kept, and given to the function that made this object, it goes
/// on there, whatever became of this process. Thread safety: none.
template <class T>
class Pages : public Pager {
 public:
  explicit Pages(Pager pager) noexcept : Pager(std::move(pager)) {}

  class Items;
  /// A range to be walked once. An Error is its last element. Every call for a page has the limits of `call`.
  Items items(CallOptions call = {}) { return Items(*this, std::move(call)); }

  /// Calls `each` with every item, until it returns false (if it returns anything). Errors: as `next`.
  template <std::invocable<const T&> Each>
  Result<void> for_each(Each&& each, const CallOptions& call = {}) {
    for (const Result<T>& item : items(call)) {
      if (!item) return item.error();
      if constexpr (std::is_void_v<std::invoke_result_t<Each&, const T&>>) {
        std::invoke(each, *item);
      } else if (!std::invoke(each, *item)) {
        break;
      }
    }
    return {};
  }
};

template <class T>
class Pages<T>::Items {
 public:
  Items(Pages& pages, CallOptions call) : pages_(&pages), call_(std::move(call)) {}

  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Result<T>;
    using difference_type = std::ptrdiff_t;
    using pointer = const Result<T>*;
    using reference = const Result<T>&;

    explicit Iterator(Items* items) noexcept : items_(items) {}
    reference operator*() const noexcept { return *items_->current_; }
    pointer operator->() const noexcept { return &*items_->current_; }
    Iterator& operator++() {
      items_->advance();
      return *this;
    }
    void operator++(int) { items_->advance(); }
    bool operator==(std::default_sentinel_t) const noexcept { return !items_->current_; }

   private:
    Items* items_;
  };

  Iterator begin() {
    advance();
    return Iterator(this);
  }
  std::default_sentinel_t end() const noexcept { return {}; }

 private:
  void advance() {
    const bool failed = current_ && !*current_;
    current_.reset();
    if (failed) return;
    while (at_ == end_) {
      auto next = pages_->next(call_);
      if (!next) {
        current_.emplace(std::move(next).error());
        return;
      }
      page_ = *std::move(next);
      if (!page_) return;
      at_ = page_->items().begin();
      end_ = page_->items().end();
    }
    current_.emplace(T(page_->document(), *at_));
    ++at_;
  }

  Pages* pages_;
  CallOptions call_;
  std::optional<Page> page_;
  JsonView::Iterator at_;
  JsonView::Iterator end_;
  std::optional<Result<T>> current_;
};

}  // namespace tongs
