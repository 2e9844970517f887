#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <tongs/adapter.hpp>
#include <tongs/http.hpp>
#include <tongs/json.hpp>
#include <tongs/paging.hpp>
#include <tongs/result.hpp>

namespace tongs::detail {

/// Before the first page, before the page that `value` leads to, or behind the last one.
struct PagePosition {
  enum class Where : std::uint8_t { start, inside, end };
  Where where = Where::start;
  std::string value = {};
};

std::string format_position(const PagePosition& position, PageKind kind);
/// Errors: invalid_argument, also for a position of another kind.
Result<PagePosition> parse_position(std::string_view text, PageKind kind);

/// The request for the page at `position`. Errors: invalid_argument (a body that is no JSON object).
Result<ApiRequest> request_at(const ApiRequest& first, const Paging& paging, const PagePosition& position);

/// The parts of an answer that paging looks at.
struct PageView {
  JsonView root;
  JsonView envelope;  ///< the object that holds the list; missing if the answer is the list
  JsonView items;
};
/// Errors: malformed_response (no list where it should be).
Result<PageView> find_items(JsonView root, const Paging& paging);

/// What lies behind a page. `asked` is the request that it answers.
/// Errors: malformed_response (another page than the one asked for, a link to another operation).
Result<PagePosition> position_after(const PageView& page, const HttpResponse& answer, const ApiRequest& asked,
                                    const Paging& paging);

/// Does the page say itself which one it is? If not, a server that repeats it can only be told by its items.
bool says_its_offset(const PageView& page) noexcept;

}  // namespace tongs::detail
