#include <utility>

#include <tongs/client.hpp>

#include "client/answer.hpp"
#include "client/bound_client_state.hpp"
#include "client/retry_loop.hpp"
#include "http/response_error.hpp"

namespace tongs {

BoundClient::BoundClient(std::shared_ptr<const State> state) noexcept : state_(std::move(state)) {}

Product BoundClient::product() const noexcept { return state_->adapter->product(); }

Result<HttpResponse> BoundClient::send(const ApiRequest& request, const CallOptions& call) const {
  return detail::RetryLoop(*state_, request, call).run();
}

Result<JsonDocument> BoundClient::send_json(const ApiRequest& request, const CallOptions& call) const {
  const auto answer = send(request, call);
  return answer ? detail::parse_answer(*answer) : answer.error();
}

Result<HttpResponse> detail::BoundClientAccess::fetch(const BoundClient& client, const std::string& url,
                                                      const CallOptions& call) {
  const State& state = *client.state_;
  auto answer = state.adapter->fetch(url, call);
  if (!answer || (answer->status >= 200 && answer->status < 400)) return answer;
  return error_from_response(*answer, "the file could not be fetched from where it rests",
                             state.waiter->now().wall);
}

BoundClient BoundClient::with_retry(RetryPolicy policy) const {
  State state = *state_;
  state.retry = policy;
  return detail::BoundClientAccess::make(std::move(state));
}

BoundClient as_app(std::shared_ptr<const Adapter> adapter) {
  return detail::BoundClientAccess::make({.adapter = std::move(adapter), .identity = AsApp{}});
}

BoundClient as_user(std::shared_ptr<const Adapter> adapter, Secret token) {
  auto shared = std::make_shared<const Secret>(std::move(token));
  return detail::BoundClientAccess::make(
      {.adapter = std::move(adapter), .identity = AsUser{std::move(shared)}});
}

BoundClient as_offline_user(std::shared_ptr<const Adapter> adapter, AccessToken token) {
  return detail::BoundClientAccess::make(
      {.adapter = std::move(adapter), .identity = AsOfflineUser{std::move(token)}});
}

}  // namespace tongs
