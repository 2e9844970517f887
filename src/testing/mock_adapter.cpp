#include <tongs/testing/mock_adapter.hpp>

namespace tongs::testing {

namespace {

Result<HttpResponse> answer_nothing_special(const ApiRequest&, const Identity&, const CallOptions&) {
  return HttpResponse{200, {{"content-type", "application/json"}}, "{}"};
}

}  // namespace

MockAdapter::MockAdapter(Product product) : Script(answer_nothing_special), product_(product) {}

Result<HttpResponse> MockAdapter::send(const ApiRequest& request, const Identity& as,
                                       const CallOptions& call) const {
  Step step;
  {
    const std::lock_guard hold(mutex_);
    calls_.push_back({request, as});
    step = next_step();
  }
  return step(request, as, call);
}

Result<HttpResponse> MockAdapter::fetch(const std::string& url, const CallOptions& call) const {
  return send({.path = url}, AsApp{}, call);
}

bool MockAdapter::reject(const Identity& as) const {
  const std::lock_guard hold(mutex_);
  rejected_.push_back(as);
  if (other_credentials_ == 0) return false;
  --other_credentials_;
  return true;
}

void MockAdapter::offer_other_credentials(std::size_t times) {
  const std::lock_guard hold(mutex_);
  other_credentials_ = times;
}

std::vector<RecordedCall> MockAdapter::calls() const {
  const std::lock_guard hold(mutex_);
  return calls_;
}

std::optional<RecordedCall> MockAdapter::last_call() const {
  const std::lock_guard hold(mutex_);
  return calls_.empty() ? std::nullopt : std::optional(calls_.back());
}

std::size_t MockAdapter::count() const {
  const std::lock_guard hold(mutex_);
  return calls_.size();
}

std::vector<Identity> MockAdapter::rejected() const {
  const std::lock_guard hold(mutex_);
  return rejected_;
}

}  // namespace tongs::testing
