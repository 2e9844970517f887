#pragma once
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "http/ascii.hpp"
#include "support/loopback.hpp"

namespace tongs::test {

/// One request as a server of the test saw it.
struct Seen {
  std::string method, target, body;
  std::map<std::string, std::string> headers;  ///< names in lower case

  std::string header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string() : found->second;
  }
};

/// A server that writes down what it is asked and answers as the test says.
class Witness {
 public:
  using Answer = std::function<net::Response(const Seen&)>;
  explicit Witness(Answer answer = {})
      : answer_(std::move(answer)),
        server_(std::make_unique<net::testing::RunningServer>(
            [this](net::Exchange& exchange) { return handle(exchange); })),
        url_("http://" + server_->address()) {}

  const std::string& url() const { return url_; }
  void stop() { server_.reset(); }
  std::vector<Seen> seen() const {
    const std::lock_guard hold(mutex_);
    return seen_;
  }
  std::size_t count() const { return seen().size(); }
  /// Waits until so many requests have come.
  std::vector<Seen> wait_for(std::size_t count) const {
    std::unique_lock hold(mutex_);
    more_.wait(hold, [&] { return seen_.size() >= count; });
    return seen_;
  }

 private:
  net::Task<> handle(net::Exchange& exchange) {
    Seen request{std::string(exchange.request().method), std::string(exchange.request().target), {}, {}};
    for (const net::Field& field : exchange.request().fields) {
      request.headers[detail::to_lower(field.name)] = field.value;
    }
    constexpr std::size_t most = std::size_t{16} * 1024 * 1024;
    auto body = co_await exchange.read_whole_body(most);
    if (!body) co_return;
    request.body = *std::move(body);
    {
      const std::lock_guard hold(mutex_);
      seen_.push_back(request);
    }
    more_.notify_all();
    net::Response answer = answer_ ? answer_(request) : net::Response::text(200, "hello from the backend");
    (void)co_await exchange.respond(std::move(answer));
  }

  Answer answer_;
  mutable std::mutex mutex_;
  mutable std::condition_variable more_;
  std::vector<Seen> seen_;
  std::unique_ptr<net::testing::RunningServer> server_;
  std::string url_;
};

}  // namespace tongs::test
