#pragma once
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include <tongs/curl_transport.hpp>

#include "emulator/courier.hpp"
#include "emulator/machine_clock.hpp"
#include "emulator/server.hpp"
#include "support/witness.hpp"

namespace tongs::emulator::testing {

/// An emulator on a free port, with a reactor on a thread of its own, and a remote that the test plays. The
/// app has a panel, a trigger for installations and for new issues, and an hourly one.
class Scene {
 public:
  explicit Scene(test::Witness::Answer answer = {})
      : remote(answer ? std::move(answer)
                      : [](const test::Seen&) { return net::Response::json(200, R"({"ok":true})"); }),
        world_(make_world(remote.url())),
        courier_(reactor_, *world_),
        platform_({net::ListenAddress::parse("127.0.0.1:0").value(), {"emulator"}}, *world_, courier_, [] {}),
        server_(std::make_unique<net::Server>(
            reactor_, [this](net::Exchange& exchange) { return platform_.handle(exchange); })),
        transport(CurlTransport::create({}).value()) {
    origin = "http://" + server_->listen(net::ListenAddress::parse("127.0.0.1:0").value()).value();
    world_->origin = origin;
    net::asio::co_spawn(reactor_.context, courier_.run(), net::asio::detached);
    thread_ = std::thread([this] { reactor_.context.run(); });
  }
  ~Scene() {
    auto ended = net::asio::post(reactor_.context, std::packaged_task<void()>([this] { server_.reset(); }));
    ended.get();
    reactor_.context.stop();
    thread_.join();
  }
  Scene(const Scene&) = delete;
  Scene& operator=(const Scene&) = delete;

  HttpResponse http(std::string method, const std::string& path, std::string body = {}) const {
    return transport->send({std::move(method), origin + path, {}, std::move(body)}, {}).value();
  }
  json::object admin(std::string method, const std::string& path, std::string body = {}) const {
    const auto answer = http(std::move(method), "/_emulator" + path, std::move(body));
    EXPECT_LT(answer.status, 300) << answer.body;
    return answer.body.empty() ? json::object{} : json::parse(answer.body).as_object();
  }
  static std::string text(const json::object& object, std::string_view name) {
    return std::string(object.at(name).as_string());
  }

  test::Witness remote;

 private:
  static std::unique_ptr<World> make_world(const std::string& url) {
    App app{.id = AppId::parse("8db33809-1f32-48bb-8c52-5877dab48107").value(), .name = "scene"};
    app.remotes = {{"backend", {{"default", url}}, {}}};
    app.endpoints = {{"ui", "backend", "", {.system = true, .user = true}},
                     {"sync", "backend", "/sync", {.system = true, .user = false}}};
    app.modules = {{"jira:issuePanel", "panel", "ui", {}, {}},
                   {"trigger", "on-event", "sync", {"avi:forge:installed:app", "avi:jira:created:issue"}, {}},
                   {"scheduledTrigger", "hourly", "sync", {}, "hour"}};
    app.scopes = {{"read:app-system-token", false},
                  {"read:app-user-token", false},
                  {"read:jira-user", true},
                  {"read:jira-work", true}};
    static const WorldKeys keys = WorldKeys::generate(*Random::system()).value();
    return create_world(std::move(app), keys, Random::system(), real_now());
  }

  net::Reactor reactor_;
  std::unique_ptr<World> world_;
  Courier courier_;
  PlatformServer platform_;
  std::unique_ptr<net::Server> server_;
  std::thread thread_;

 public:
  std::shared_ptr<const Transport> transport;
  std::string origin;
};

}  // namespace tongs::emulator::testing
