#include "common/net/blocking_transport.hpp"

#include <exception>
#include <memory>
#include <optional>
#include <stop_token>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

namespace tongs::net {

namespace {

ClientLimits limits_for(std::size_t max_bytes) {
  ClientLimits limits;
  limits.message.body_bytes = max_bytes;
  return limits;
}

}  // namespace

BlockingTransport::BlockingTransport(Ways ways, std::size_t max_bytes)
    : client_(reactor_, limits_for(max_bytes), std::move(ways)), transport_(client_, max_bytes) {}

Result<HttpResponse> BlockingTransport::send(const HttpRequest& request, const CallOptions& call) const {
  const std::lock_guard hold(one_call_);
  reactor_.context.restart();
  reactor_.context.poll();  // what fell due since the last call
  reactor_.context.restart();

  std::optional<Result<HttpResponse>> answer;
  const auto cancel = std::make_shared<asio::cancellation_signal>();
  const auto rethrow = [](const std::exception_ptr& thrown) {
    if (thrown) std::rethrow_exception(thrown);
  };
  asio::co_spawn(reactor_.context, ask(request, call.deadline, answer),
                 asio::bind_cancellation_slot(cancel->slot(), rethrow));
  const std::stop_callback stop(call.stop, [this, cancel] {
    asio::post(reactor_.context, [cancel] { cancel->emit(asio::cancellation_type::terminal); });
  });
  while (!answer) reactor_.context.run_one();
  if (call.stop.stop_requested() && !*answer) return Error(Errc::cancelled, "the call was stopped");
  return *std::move(answer);
}

Task<> BlockingTransport::ask(const HttpRequest& request, Steady::time_point deadline,
                              std::optional<Result<HttpResponse>>& answer) const {
  auto response = co_await transport_.send(request, deadline);
  answer = std::move(response);
}

}  // namespace tongs::net
