#include "auth/graphql_request.hpp"

#include <utility>

#include <tongs/json.hpp>
#include <tongs/secret.hpp>

namespace tongs::detail {

HttpRequest graphql_request(std::string url, std::string_view document, std::string_view variables,
                            Header credential) {
  HttpRequest request;
  request.method = "POST";
  request.url = std::move(url);
  request.headers.reserve(3);
  request.headers.push_back({.name = "accept", .value = "application/json"});
  request.headers.push_back({.name = "content-type", .value = "application/json"});
  request.headers.push_back(std::move(credential));
  request.body.append(R"({"query":)").append(json_quote(document));
  request.body.append(R"(,"variables":)").append(variables).append("}");
  return request;
}

Result<HttpResponse> send_and_wipe(const Transport& transport, HttpRequest request, const CallOptions& call) {
  auto answer = transport.send(request, call);
  for (Header& header : request.headers) {
    if (header.sensitive) wipe(header.value);
  }
  return answer;
}

}  // namespace tongs::detail
