#include <functional>
#include <unordered_set>
#include <utility>

#include <tongs/paging.hpp>

#include "client/answer.hpp"
#include "client/page_step.hpp"

namespace tongs {

using detail::PagePosition;

std::optional<std::int64_t> Page::total() const noexcept { return envelope_["total"].integer(); }

struct Pager::Impl {
  BoundClient client;
  ApiRequest first;
  Paging paging;
  PagePosition position = {};
  std::size_t pages = 0;
  std::unordered_set<std::size_t> seen = {};   ///< hashes of the positions that answers led to
  std::optional<std::size_t> last_items = {};  ///< hash of the items of a page that does not say which it is

  bool is_over() const noexcept {
    return position.where == PagePosition::Where::end || (paging.max_pages > 0 && pages >= paging.max_pages);
  }

  /// Notes where `page` leads. False if that was there before: the server goes in a circle.
  bool makes_progress(const detail::PageView& page, const PagePosition& next) {
    if (next.where == PagePosition::Where::end) return true;
    if (paging.kind != PageKind::offset) return seen.insert(hash(next.value)).second;
    if (detail::says_its_offset(page)) return true;
    const std::size_t items = hash(page.items.text());
    return std::exchange(last_items, items) != items;
  }

  static std::size_t hash(const std::string& text) noexcept { return std::hash<std::string>{}(text); }
};

Pager::Pager(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
Pager::Pager(BoundClient client, ApiRequest request, Paging paging)
    : impl_(std::make_unique<Impl>(Impl{std::move(client), std::move(request), std::move(paging)})) {}
Pager::Pager(Pager&&) noexcept = default;
Pager& Pager::operator=(Pager&&) noexcept = default;
Pager::~Pager() = default;

Result<Pager> Pager::resume(BoundClient client, ApiRequest request, Paging paging,
                            std::string_view position) {
  auto parsed = detail::parse_position(position, paging.kind);
  if (!parsed) return parsed.error();
  Pager pager(std::move(client), std::move(request), std::move(paging));
  pager.impl_->seen.insert(Impl::hash(parsed->value));
  pager.impl_->position = *std::move(parsed);
  return pager;
}

Result<std::optional<Page>> Pager::next(const CallOptions& call) {
  if (impl_->is_over()) return std::optional<Page>();
  const auto request = detail::request_at(impl_->first, impl_->paging, impl_->position);
  if (!request) return request.error();
  const auto answer = impl_->client.send(*request, call);
  if (!answer) return answer.error();
  auto parsed = detail::parse_answer(*answer);
  if (!parsed) return std::move(parsed).error();
  auto document = std::make_shared<const JsonDocument>(*std::move(parsed));
  const auto page = detail::find_items(document->root(), impl_->paging);
  if (!page) return page.error();
  auto next = detail::position_after(*page, *answer, *request, impl_->paging);
  if (!next) return next.error();
  if (!impl_->makes_progress(*page, *next)) {
    return Error(Errc::malformed_response, "the server leads to a page that it had given before");
  }
  impl_->position = *std::move(next);
  ++impl_->pages;
  return std::optional<Page>(Page(std::move(document), page->envelope, page->items));
}

std::string Pager::position() const { return detail::format_position(impl_->position, impl_->paging.kind); }

}  // namespace tongs
