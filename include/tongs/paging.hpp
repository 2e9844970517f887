#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <tongs/adapter.hpp>
#include <tongs/call_options.hpp>
#include <tongs/client.hpp>
#include <tongs/json.hpp>
#include <tongs/result.hpp>

namespace tongs {

/// How one page leads to the next. Every list of the Jira and Confluence APIs is of one of these kinds.
enum class PageKind : std::uint8_t {
  offset,  ///< the next page starts behind the items received: `startAt`
  token,   ///< the answer holds a token to ask with: `nextPageToken`
  link,    ///< the answer holds the URL of the next page, whose query is asked with: `_links.next`
  cursor,  ///< the same, but only one parameter of that query counts: `cursor`, here or in the `Link` header
};

/// How an operation is paged. Paths of members are names joined by dots.
struct Paging {
  PageKind kind = PageKind::offset;
  /// Path of the list in the answer, such as `issues` or `projects.values`. Empty: the answer is the list.
  std::string items = "values";
  /// What the position is asked with. Empty: `startAt`, `nextPageToken` or `cursor`; a link needs none.
  std::string parameter = {};
  /// Path of what leads to the next page. Empty: `nextPageToken`, or `_links.next` for a link and a cursor.
  std::string next = {};
  /// `parameter` is a member of the JSON body, not of the query. For offset and token.
  bool in_body = false;
  /// Pages that one Pager fetches at most. 0: all.
  std::size_t max_pages = 0;
};

/// One answer of a paged operation. Copies share the document.
/// Thread safety: const.
class Page {
 public:
  /// The list: an array, perhaps empty.
  JsonView items() const noexcept { return items_; }
  /// The whole answer.
  JsonView json() const noexcept { return document_->root(); }
  /// `total`, if the server says it. It may change from page to page.
  std::optional<std::int64_t> total() const noexcept;
  /// Keeps the views alive.
  const std::shared_ptr<const JsonDocument>& document() const noexcept { return document_; }

 private:
  friend class Pager;
  Page(std::shared_ptr<const JsonDocument> document, JsonView envelope, JsonView items) noexcept
      : document_(std::move(document)), envelope_(envelope), items_(items) {}
  std::shared_ptr<const JsonDocument> document_;
  JsonView envelope_;
  JsonView items_;
};

/// Walks the pages of one operation, one call per page and none after the last. Nothing a server answers
/// leads a request, and with it a token, to another place: of a link only the query is used, with the
/// operation's own path. Thread safety: none.
class Pager {
 public:
  /// `request` is the request for the first page. If its method is POST, `idempotent` should be set.
  Pager(BoundClient client, ApiRequest request, Paging paging);
  /// Goes on where `Pager::position` of an equal request was read. Errors: invalid_argument (no such
  /// position).
  static Result<Pager> resume(BoundClient client, ApiRequest request, Paging paging,
                              std::string_view position);
  Pager(Pager&&) noexcept;
  Pager& operator=(Pager&&) noexcept;
  ~Pager();

  /// The next page, or nothing after the last one and after `max_pages`. After an Error the position is
  /// unchanged, so the same page may be asked for again. Errors: as `BoundClient::send`, and
  /// malformed_response (not JSON, no list, a page or a position that was there before, a link to another
  /// operation).
  Result<std::optional<Page>> next(const CallOptions& call = {});

  /// Where `next` will go on, as a text to keep: it may hold what a peer sent.
  std::string position() const;

 private:
  struct Impl;
  explicit Pager(std::unique_ptr<Impl> impl) noexcept;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tongs
