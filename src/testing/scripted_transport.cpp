#include <tongs/testing/scripted_transport.hpp>

namespace tongs::testing {

namespace {

Result<HttpResponse> refuse(const HttpRequest&, const CallOptions&) {
  return Error(Errc::internal, "the script of the transport has no step left for this request");
}

}  // namespace

ScriptedTransport::ScriptedTransport() : Script(refuse) {}

Result<HttpResponse> ScriptedTransport::send(const HttpRequest& request, const CallOptions& call) const {
  if (call.stop.stop_requested()) return Error(Errc::cancelled, "the call was cancelled before it was sent");
  if (call.deadline <= std::chrono::steady_clock::now()) {
    return Error(Errc::deadline_exceeded, "the deadline passed before the request was sent");
  }
  Step step;
  {
    const std::lock_guard hold(mutex_);
    requests_.push_back(request);
    step = next_step();
  }
  return step(request, call);
}

std::vector<HttpRequest> ScriptedTransport::requests() const {
  const std::lock_guard hold(mutex_);
  return requests_;
}

std::size_t ScriptedTransport::count() const {
  const std::lock_guard hold(mutex_);
  return requests_.size();
}

}  // namespace tongs::testing
