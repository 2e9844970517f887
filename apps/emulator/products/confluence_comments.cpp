// Comments below pages.
#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "emulator/products/confluence_views.hpp"
#include "emulator/products/stateful.hpp"

namespace tongs::emulator {

namespace {

/// A comment, and the page that it stands below; null: the caller sees none of that id.
struct Found {
  Page* page = nullptr;
  FooterComment* comment = nullptr;
};

Found find_comment(const ProductCall& call, std::string_view id) {
  for (Page& page : call.site.pages) {
    if (!may_see(page.visible_to, call.account())) continue;
    const auto found = std::find_if(page.comments.begin(), page.comments.end(),
                                    [&](const FooterComment& comment) { return comment.id == id; });
    if (found != page.comments.end()) return {&page, &*found};
  }
  return {};
}

json::object comment_view(const Page& page, const FooterComment& comment, bool with_body) {
  json::object body;
  if (with_body) body["storage"] = {{"representation", "storage"}, {"value", comment.body}};
  json::object shown{
      {"id", comment.id},
      {"status", "current"},
      {"title", "Re: " + page.title},
      {"pageId", page.id},
      {"version",
       {{"number", comment.version}, {"createdAt", iso_time(comment.updated)}, {"authorId", comment.author}}},
      {"body", std::move(body)},
      {"_links", {{"webui", "/pages/" + page.id + "?focusedCommentId=" + comment.id}}}};
  if (!comment.parent.empty()) shown["parentCommentId"] = comment.parent;
  return shown;
}

bool wants_body(const ProductCall& call) { return call.http.parameter("body-format").has_value(); }

/// The page of a list of comments that stand below one page or several.
HttpResponse comments_answer(const ProductCall& call, std::vector<const FooterComment*> comments) {
  return cursor_list(call, std::move(comments), [&](const FooterComment& comment) {
    return comment_view(*find_comment(call, comment.id).page, comment, wants_body(call));
  });
}

HttpResponse get_page_comments(ProductCall& call) {
  if (!knows_format(call)) return unknown_format();
  const Page* page = visible_page(call, call.parameters.at("id"));
  if (page == nullptr) return no_such_content();
  std::vector<const FooterComment*> comments;
  for (const FooterComment& comment : page->comments) {
    if (comment.parent.empty() && lists_current(call.http)) comments.push_back(&comment);
  }
  return comments_answer(call, std::move(comments));
}

HttpResponse get_comments(ProductCall& call) {
  if (!knows_format(call)) return unknown_format();
  std::vector<const FooterComment*> comments;
  for (const Page& page : call.site.pages) {
    if (!may_see(page.visible_to, call.account())) continue;
    for (const FooterComment& comment : page.comments) comments.push_back(&comment);
  }
  return comments_answer(call, std::move(comments));
}

HttpResponse get_replies(ProductCall& call) {
  if (!knows_format(call)) return unknown_format();
  const Found found = find_comment(call, call.parameters.at("id"));
  if (found.comment == nullptr) return no_such_content();
  std::vector<const FooterComment*> comments;
  for (const FooterComment& comment : found.page->comments) {
    if (comment.parent == found.comment->id) comments.push_back(&comment);
  }
  return comments_answer(call, std::move(comments));
}

HttpResponse get_comment(ProductCall& call) {
  if (!knows_format(call)) return unknown_format();
  const Found found = find_comment(call, call.parameters.at("comment-id"));
  if (found.comment == nullptr) return no_such_content();
  return single(call, 200, comment_view(*found.page, *found.comment, wants_body(call)));
}

HttpResponse create_comment(ProductCall& call) {
  const auto read = parse_json_object(call.http.body);
  if (const auto* problem = std::get_if<Problem>(&read))
    return confluence_error(400, "INVALID_REQUEST_PARAMETER", problem->describe());
  const auto& request = std::get<json::object>(read);
  const std::string_view parent = text_in(request, "parentCommentId"), page_id = text_in(request, "pageId");
  if (parent.empty() == page_id.empty()) {
    return confluence_error(
        400, "INVALID_REQUEST_PARAMETER",
        "Say either pageId or parentCommentId: the emulator keeps comments of pages only");
  }
  Page* page = parent.empty() ? visible_page(call, page_id) : find_comment(call, parent).page;
  if (page == nullptr) return no_such_content();
  auto body = storage_in(request);
  if (!body) return other_representation();
  page->comments.push_back({.id = call.site.next_id(),
                            .parent = std::string(parent),
                            .author = std::string(call.account()),
                            .body = *std::move(body),
                            .created = call.now,
                            .updated = call.now});
  return single(call, 201, comment_view(*page, page->comments.back(), true));
}

HttpResponse update_comment(ProductCall& call) {
  const Found found = find_comment(call, call.parameters.at("comment-id"));
  if (found.comment == nullptr) return no_such_content();
  const auto read = parse_json_object(call.http.body);
  if (const auto* problem = std::get_if<Problem>(&read))
    return confluence_error(400, "INVALID_REQUEST_PARAMETER", problem->describe());
  const auto& request = std::get<json::object>(read);
  auto body = storage_in(request);
  if (!body) return other_representation();
  if (!is_next_version(request, found.comment->version)) return other_version(found.comment->version);
  found.comment->body = *std::move(body);
  ++found.comment->version;
  found.comment->updated = call.now;
  return single(call, 200, comment_view(*found.page, *found.comment, true));
}

/// With all that answers it.
HttpResponse delete_comment(ProductCall& call) {
  const Found found = find_comment(call, call.parameters.at("comment-id"));
  if (found.comment == nullptr) return no_such_content();
  std::vector<std::string> gone{found.comment->id};
  // A reply stands behind what it answers.
  for (const FooterComment& comment : found.page->comments) {
    if (!comment.parent.empty() && among(gone, comment.parent)) gone.push_back(comment.id);
  }
  std::erase_if(found.page->comments, [&](const FooterComment& comment) { return among(gone, comment.id); });
  return {204, {}, {}};
}

constexpr std::array kOperations{
    StatefulOperation{"get-page-footer-comments", get_page_comments},
    StatefulOperation{"get-footer-comments", get_comments},
    StatefulOperation{"get-footer-comment-children", get_replies},
    StatefulOperation{"get-footer-comment-by-id", get_comment},
    StatefulOperation{"create-footer-comment", create_comment},
    StatefulOperation{"update-footer-comment", update_comment},
    StatefulOperation{"delete-footer-comment", delete_comment},
};

}  // namespace

std::span<const StatefulOperation> confluence_comment_operations() { return kOperations; }

}  // namespace tongs::emulator
