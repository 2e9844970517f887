#include "client/typed_call.hpp"

#include <utility>

#include "client/answer.hpp"
#include "client/download.hpp"
#include "client/multipart.hpp"
#include "http/response_error.hpp"

namespace tongs::detail {

namespace {

Result<void> check_product(const BoundClient& client, Product product) {
  if (client.product() == product) return {};
  return Error(Errc::invalid_argument,
               "the client is bound to another product than the one of this operation");
}

/// An answer without a body is no value, whatever the documents say: a view of it is empty.
bool fits(JsonView root, AnswerKind kind) noexcept {
  if (kind == AnswerKind::any || root.is_null()) return true;
  return root.kind() == (kind == AnswerKind::array ? JsonView::Kind::array : JsonView::Kind::object);
}

std::string joined_by_commas(const std::vector<std::string>& values) {
  std::string text;
  for (const std::string& value : values) text += (text.empty() ? "" : ",") + value;
  return text;
}

}  // namespace

TypedCall::TypedCall(Product product, const char* method, const char* path) : product_(product) {
  request_.method = method;
  request_.path = path;
}

TypedCall::TypedCall(TypedCall&&) noexcept = default;
TypedCall::~TypedCall() = default;

TypedCall& TypedCall::path(const char* name, const PathValue& value) {
  request_.path_parameters.emplace_back(name, value.text());
  return *this;
}

TypedCall& TypedCall::query(const char* name, const std::string& value) {
  request_.query.emplace_back(name, value);
  return *this;
}

TypedCall& TypedCall::query(const char* name, bool value) {
  request_.query.emplace_back(name, value ? "true" : "false");
  return *this;
}

TypedCall& TypedCall::query(const char* name, std::int64_t value) {
  request_.query.emplace_back(name, std::to_string(value));
  return *this;
}

TypedCall& TypedCall::query(const char* name, double value) {
  request_.query.emplace_back(name, Json(value).text());
  return *this;
}

TypedCall& TypedCall::query(const char* name, const std::vector<std::string>& values) {
  for (const std::string& value : values) request_.query.emplace_back(name, value);
  return *this;
}

TypedCall& TypedCall::query(const char* name, const std::vector<std::int64_t>& values) {
  for (const std::int64_t value : values) request_.query.emplace_back(name, std::to_string(value));
  return *this;
}

TypedCall& TypedCall::query(const std::vector<std::pair<std::string, std::string>>& pairs) {
  request_.query.insert(request_.query.end(), pairs.begin(), pairs.end());
  return *this;
}

TypedCall& TypedCall::joined(const char* name, const std::vector<std::string>& values) {
  return values.empty() ? *this : query(name, joined_by_commas(values));
}

TypedCall& TypedCall::header(const char* name, const std::string& value) {
  request_.headers.push_back({.name = name, .value = value});
  return *this;
}

TypedCall& TypedCall::header(const char* name, const char* value) { return header(name, std::string(value)); }

TypedCall& TypedCall::json(const Json& body, const char* content_type) {
  if (content_type != nullptr) header("content-type", content_type);
  request_.body = body.text();
  return *this;
}

TypedCall& TypedCall::files(const char* name, const std::vector<FilePart>& files,
                            const std::vector<std::pair<const char*, std::optional<std::string>>>& fields) {
  auto made = multipart(name, files, fields);
  if (!made) {
    wrong_ = std::move(made).error();
    return *this;
  }
  return bytes(made->body, made->content_type);
}

TypedCall& TypedCall::bytes(const std::string& bytes, const std::string& content_type) {
  request_.body = bytes;
  return header("content-type", content_type);
}

TypedCall& TypedCall::idempotent() {
  request_.idempotent = true;
  return *this;
}

Result<HttpResponse> TypedCall::send(const BoundClient& client, const CallOptions& call) const {
  if (wrong_) return *wrong_;
  if (auto fine = check_product(client, product_); !fine) return fine.error();
  return client.send(request_, call);
}

Result<Model> TypedCall::answer(const BoundClient& client, AnswerKind kind, const CallOptions& call) const {
  const auto answer = send(client, call);
  if (!answer) return answer.error();
  auto document = parse_answer(*answer);
  if (!document) return std::move(document).error();
  if (!fits(document->root(), kind)) {
    return Error(Errc::malformed_response, "the product API answered with another kind of JSON than it says")
        .with_remote(remote_detail(*answer));
  }
  return Model(*std::move(document));
}

Result<void> TypedCall::done(const BoundClient& client, const CallOptions& call) const {
  const auto answer = send(client, call);
  return answer ? Result<void>() : answer.error();
}

Result<Reply> TypedCall::reply(const BoundClient& client, const CallOptions& call) const {
  const auto answer = send(client, call);
  if (!answer) return answer.error();
  auto document = parse_answer(*answer);
  if (!document) return std::move(document).error();
  return Reply(answer->status, std::string(answer->header("location")), *std::move(document));
}

Result<Download> TypedCall::download(const BoundClient& client, const CallOptions& call) {
  header("accept", "*/*");
  if (wrong_) return *wrong_;
  if (auto fine = check_product(client, product_); !fine) return fine.error();
  return detail::download(client, request_, call);
}

Result<Pager> TypedCall::pager(const BoundClient& client, const PagingWords& words,
                               std::string_view position) const {
  if (wrong_) return *wrong_;
  if (auto fine = check_product(client, product_); !fine) return fine.error();
  Paging paging{.kind = words.kind,
                .items = words.items,
                .parameter = words.parameter,
                .next = words.next,
                .in_body = words.in_body,
                .max_pages = words.max_pages};
  if (position.empty()) return Pager(client, request_, std::move(paging));
  return Pager::resume(client, request_, std::move(paging), position);
}

}  // namespace tongs::detail
