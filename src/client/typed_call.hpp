#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tongs/adapter.hpp>
#include <tongs/client.hpp>
#include <tongs/model.hpp>
#include <tongs/pages.hpp>
#include <tongs/reply.hpp>
#include <tongs/request.hpp>
#include <tongs/result.hpp>

namespace tongs::detail {

/// What an operation answers with at its top; an answer of another kind is malformed.
enum class AnswerKind : std::uint8_t { any, object, array };

/// `Paging`, of literals.
struct PagingWords {
  PageKind kind = PageKind::offset;
  const char* items = "";
  const char* parameter = "";
  const char* next = "";
  bool in_body = false;
  std::size_t max_pages = 0;
};

/// One call of an operation, filled with what was set of a request. The generated functions are made of it.
class TypedCall {
 public:
  TypedCall(Product product, const char* method, const char* path);
  TypedCall(TypedCall&&) noexcept;
  TypedCall& operator=(TypedCall&&) = delete;
  ~TypedCall();

  TypedCall& path(const char* name, const PathValue& value);

  TypedCall& query(const char* name, const std::string& value);
  TypedCall& query(const char* name, bool value);
  TypedCall& query(const char* name, std::int64_t value);
  TypedCall& query(const char* name, std::int32_t value) { return query(name, std::int64_t{value}); }
  TypedCall& query(const char* name, double value);
  /// One pair for each element.
  TypedCall& query(const char* name, const std::vector<std::string>& values);
  TypedCall& query(const char* name, const std::vector<std::int64_t>& values);
  /// Pairs with names of the caller's.
  TypedCall& query(const std::vector<std::pair<std::string, std::string>>& pairs);
  /// One pair with the elements, joined by commas.
  TypedCall& joined(const char* name, const std::vector<std::string>& values);
  TypedCall& joined(const char* name, const Required<std::vector<std::string>>& values) {
    return joined(name, *values);
  }
  template <class T>
  TypedCall& query(const char* name, const std::optional<T>& value) {
    return value ? query(name, *value) : *this;
  }
  template <class T>
  TypedCall& query(const char* name, const Required<T>& value) {
    return query(name, *value);
  }

  TypedCall& header(const char* name, const std::string& value);
  TypedCall& header(const char* name, const char* value);
  TypedCall& header(const char* name, const std::optional<std::string>& value) {
    return value ? header(name, *value) : *this;
  }
  TypedCall& header(const char* name, const Required<std::string>& value) { return header(name, *value); }

  TypedCall& json(const Json& body, const char* content_type = nullptr);
  template <class T>
  TypedCall& body(const Body<T>& body) {
    return json(body.json());
  }
  template <class T>
  TypedCall& body(const std::optional<Body<T>>& body) {
    return body ? json(body->json()) : *this;
  }
  /// multipart/form-data (RFC 7578): the files under `name`, then the fields that are set.
  TypedCall& files(const char* name, const std::vector<FilePart>& files,
                   const std::vector<std::pair<const char*, std::optional<std::string>>>& fields = {});
  TypedCall& bytes(const std::string& bytes, const std::string& content_type);

  /// It only reads, although its method does not say so.
  TypedCall& idempotent();

  /// Errors: as `BoundClient::send_json`, invalid_argument (a client of another product), and
  /// malformed_response (an answer of another kind).
  Result<Model> answer(const BoundClient& client, AnswerKind kind, const CallOptions& call) const;
  Result<void> done(const BoundClient& client, const CallOptions& call) const;
  Result<Reply> reply(const BoundClient& client, const CallOptions& call) const;
  /// Follows redirects to where a file rests, without credentials.
  Result<Download> download(const BoundClient& client, const CallOptions& call);
  Result<Pager> pager(const BoundClient& client, const PagingWords& paging, std::string_view position) const;

 private:
  Result<HttpResponse> send(const BoundClient& client, const CallOptions& call) const;

  Product product_;
  ApiRequest request_;
  std::optional<Error> wrong_;  ///< with what was to be sent; told when it is sent
};

template <class T>
Result<T> object(const TypedCall& filled, const BoundClient& client, const CallOptions& call) {
  auto answer = filled.answer(client, AnswerKind::object, call);
  if (!answer) return std::move(answer).error();
  return T(answer->document(), answer->json());
}

template <class T>
Result<ModelList<T>> list(const TypedCall& filled, const BoundClient& client, const CallOptions& call) {
  auto answer = filled.answer(client, AnswerKind::array, call);
  if (!answer) return std::move(answer).error();
  return ModelList<T>(*answer);
}

template <class T>
Result<Pages<T>> pages(const TypedCall& filled, const BoundClient& client, const PagingWords& paging,
                       std::string_view position) {
  auto pager = filled.pager(client, paging, position);
  if (!pager) return std::move(pager).error();
  return Pages<T>(*std::move(pager));
}

}  // namespace tongs::detail
