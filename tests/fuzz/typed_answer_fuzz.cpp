// Hostile answers to typed calls: whatever comes, views are read to their ends, and pagers come to theirs.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>

#include <tongs/jira/v3/issue_comments.hpp>
#include <tongs/jira/v3/issue_fields.hpp>
#include <tongs/jira/v3/issue_search.hpp>
#include <tongs/jira/v3/issues.hpp>
#include <tongs/testing/mock_adapter.hpp>

namespace {

using namespace tongs;
namespace v3 = jira::v3;

constexpr std::size_t kMostPages = 64;

void must(bool promise) {
  if (!promise) std::abort();
}

/// Everything below a value, so that no view leads outside of the document.
std::size_t walk(JsonView value) {
  std::size_t count = 1 + value.string_or({}).size();
  for (const JsonView part : value) count += walk(part);
  return count;
}

void read(const v3::Issue& issue) {
  const bool is_object = issue.json().kind() == JsonView::Kind::object;
  must(is_object || (!issue.key() && !issue.fields().exists()));
  must(issue.key().has_value() == (issue.json()["key"].kind() == JsonView::Kind::string));
  walk(issue.fields());
  for (const auto& history : issue.changelog().histories()) {
    for (const auto& item : history.items()) walk(item.json());
  }
  for (const auto& transition : issue.transitions()) must(!transition.id() || transition.exists());
}

template <class T>
void walk_pages(Result<Pages<T>> pages) {
  must(pages.has_value());
  for (std::size_t count = 0; count < kMostPages; ++count) {
    const auto page = pages->next();
    if (!page || !*page) return;
    walk((*page)->json());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string body(reinterpret_cast<const char*>(data), size);
  const auto adapter = std::make_shared<testing::MockAdapter>();
  adapter->otherwise([&](const ApiRequest&, const Identity&, const CallOptions&) -> Result<HttpResponse> {
    return HttpResponse{200, {}, body};
  });
  const auto client = as_app(adapter);
  if (const auto issue = v3::get_issue(client, {.issue_id_or_key = "A-1"})) read(*issue);
  if (const auto found = v3::search_issues(client, {})) {
    for (const auto& issue : found->issues()) read(issue);
  }
  if (const auto fields = v3::get_fields(client)) {
    for (const auto& field : *fields) walk(field.json());
  }
  walk_pages(v3::search_issues_pages(client, {}));
  walk_pages(v3::get_comments_pages(client, {.issue_id_or_key = "A-1"}));
  return 0;
}
