#pragma once
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

#include "common/net/client.hpp"
#include "common/net/server.hpp"
#include "common/net/timer.hpp"

namespace tongs::net::testing {

/// A reactor on a thread of its own, with a server on a free port of the loopback interface.
class RunningServer {
 public:
  explicit RunningServer(Handler handler, ServerLimits limits = {},
                         const std::string& address = "127.0.0.1:0")
      : server_(std::make_unique<Server>(reactor_, std::move(handler), limits)),
        guard_(asio::make_work_guard(reactor_.context)) {
    address_ = server_->listen(ListenAddress::parse(address).value()).value();
    thread_ = std::thread([this] { reactor_.context.run(); });
  }
  ~RunningServer() { stop(); }

  /// Ends the server and its thread. What a test put into the reactor may then be destroyed by the test's own
  /// thread, and must be before this object is.
  void stop() {
    if (!thread_.joinable()) return;
    on_reactor([this] { server_.reset(); });
    guard_.reset();
    reactor_.context.stop();
    thread_.join();
  }

  /// Runs `job` on the server's thread and waits for it.
  template <class Job>
  std::invoke_result_t<Job> on_reactor(Job job) {
    std::packaged_task<std::invoke_result_t<Job>()> task(std::move(job));
    auto result = task.get_future();
    asio::post(reactor_.context, [&task] { task(); });
    return result.get();
  }

  const std::string& address() const { return address_; }
  std::uint16_t port() const {
    return static_cast<std::uint16_t>(std::stoi(address_.substr(address_.rfind(':') + 1)));
  }
  Destination destination() const {
    if (address_.starts_with("unix:"))
      return {.tls = false, .host = {}, .port = 0, .unix_path = address_.substr(5)};
    return {.tls = false, .host = "127.0.0.1", .port = port(), .unix_path = {}};
  }
  Server& server() { return *server_; }
  void use(std::shared_ptr<const Entrance> entrance) {
    on_reactor([&] { server_->use(std::move(entrance)); });
  }

 private:
  Reactor reactor_;
  std::unique_ptr<Server> server_;
  asio::executor_work_guard<Executor> guard_;
  std::string address_;
  std::thread thread_;
};

/// A plain blocking socket that says exactly what a test tells it to.
class RawPeer {
 public:
  explicit RawPeer(std::uint16_t port) : socket_(context_) {
    socket_.connect({asio::ip::address_v4::loopback(), port});
  }
  RawPeer& say(std::string_view bytes) {
    asio::write(socket_, asio::buffer(bytes.data(), bytes.size()));
    return *this;
  }
  /// For somebody who speaks something else over it.
  int descriptor() { return socket_.native_handle(); }
  RawPeer& finish() {
    socket_.shutdown(asio::ip::tcp::socket::shutdown_send);
    return *this;
  }
  void reset() {
    socket_.set_option(asio::socket_base::linger(true, 0));
    socket_.close();
  }
  /// Everything until the other side closes.
  std::string hear_all() {
    std::string heard;
    error_code failed;
    asio::read(socket_, asio::dynamic_buffer(heard), failed);
    return heard;
  }
  /// As much as holds `end` for the first time.
  std::string hear_until(std::string_view end) {
    std::string heard;
    char byte = 0;
    error_code failed;
    while (heard.find(end) == std::string::npos && asio::read(socket_, asio::buffer(&byte, 1), failed) == 1) {
      heard += byte;
    }
    return heard;
  }

 private:
  asio::io_context context_;
  asio::ip::tcp::socket socket_;
};

/// Runs a coroutine of a client to its end on a reactor of its own.
template <class T>
T run(Reactor& reactor, Task<T> task) {
  auto result = asio::co_spawn(reactor.context, std::move(task), asio::use_future);
  while (result.wait_for(std::chrono::seconds(0)) != std::future_status::ready) reactor.context.run_one();
  return result.get();
}

}  // namespace tongs::net::testing
