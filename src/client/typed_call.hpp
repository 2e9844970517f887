#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <tongs/adapter.hpp>
#include <tongs/client.hpp>
#include <tongs/result.hpp>

namespace tongs::detail {

/// Errors: invalid_argument, if an operation of `product` is about to be sent elsewhere.
inline Result<void> check_product(const BoundClient& client, Product product) {
  if (client.product() == product) return {};
  return Error(Errc::invalid_argument,
               "the client is bound to another product than the one of this operation");
}

/// Sends a request whose answer is one JSON object, of the type T. Errors: as `BoundClient::send_json`.
template <class T>
Result<T> call_for(const BoundClient& client, Product product, const ApiRequest& request,
                   const CallOptions& call) {
  if (auto fine = check_product(client, product); !fine) return fine.error();
  auto document = client.send_json(request, call);
  if (!document) return std::move(document).error();
  if (document->root().kind() != JsonView::Kind::object) {
    return Error(Errc::malformed_response, "the product API answered with something else than a JSON object");
  }
  return T(*std::move(document));
}

/// Adds to a query what was set; a list as one pair per element.
class QueryWriter {
 public:
  explicit QueryWriter(ApiRequest& request) noexcept : query_(request.query) {}

  QueryWriter& add(const char* name, const std::optional<std::string>& value) {
    if (value) query_.emplace_back(name, *value);
    return *this;
  }
  QueryWriter& add(const char* name, std::optional<bool> value) {
    if (value) query_.emplace_back(name, *value ? "true" : "false");
    return *this;
  }
  QueryWriter& add(const char* name, const std::vector<std::string>& values) {
    for (const std::string& value : values) query_.emplace_back(name, value);
    return *this;
  }

 private:
  std::vector<std::pair<std::string, std::string>>& query_;
};

}  // namespace tongs::detail
