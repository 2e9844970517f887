#include "client/answer.hpp"

#include <utility>

#include "http/response_error.hpp"

namespace tongs::detail {

Result<JsonDocument> parse_answer(const HttpResponse& answer) {
  if (answer.body.empty()) return JsonDocument::parse("null");
  auto document = JsonDocument::parse(answer.body);
  if (document) return document;
  return Error(Errc::malformed_response, "the product API answered with success, but not with JSON")
      .with_cause(std::move(document).error())
      .with_remote(remote_detail(answer));
}

}  // namespace tongs::detail
