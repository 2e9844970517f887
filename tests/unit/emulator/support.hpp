#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include "base/base64url.hpp"
#include "emulator/admin/router.hpp"
#include "emulator/api/platform_api.hpp"
#include "emulator/platform/attempt.hpp"
#include "emulator/platform/world.hpp"

namespace tongs::emulator::testing {

/// Counts instead of drawing: every run gives the same ids, and no two of them are the same.
class CountedRandom final : public Random {
 public:
  void fill(std::span<unsigned char> bytes) override {
    ++count_;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      bytes[i] = static_cast<unsigned char>(i < 4 ? count_ >> (8 * (3 - i)) : i * 37 + count_);
    }
  }

 private:
  unsigned count_ = 0;
};

inline constexpr RealTime kStart{std::chrono::seconds(1'800'000'000)};
inline const std::string kAppId = "ari:cloud:ecosystem::app/8db33809-1f32-48bb-8c52-5877dab48107";

/// One remote on this machine, one endpoint for users, one for triggers.
inline App demo_app() {
  App app{.id = AppId::parse(kAppId).value(), .name = "demo-app", .version = "2.3.4"};
  app.remotes = {{"backend", {{"default", "http://127.0.0.1:9000/base"}}, {.system = true, .user = true}},
                 {"far", {{"default", "https://backend.example.com"}}, {}}};
  app.endpoints = {{"ui-endpoint", "backend", "", {.system = true, .user = true}},
                   {"sync", "backend", "/forge/sync", {.system = true, .user = false}},
                   {"far-endpoint", "far", "/x", {}}};
  app.modules = {{"jira:issuePanel", "panel", "ui-endpoint", {}, {}},
                 {"macro", "my-macro", "ui-endpoint", {}, {}},
                 {"jira:adminPage", "far-page", "far-endpoint", {}, {}},
                 {"trigger", "on-install", "sync", {"avi:forge:installed:app", "avi:forge:upgraded:app"}, {}},
                 {"trigger", "on-issue", "sync", {"avi:jira:created:issue"}, {}},
                 {"scheduledTrigger", "hourly", "sync", {}, "hour"},
                 {"preUninstall", "farewell", "sync", {}, {}}};
  app.scopes = {{"read:app-system-token", false}, {"read:app-user-token", false},
                {"read:jira-user", true},         {"read:jira-work", true},
                {"write:jira-work", true},        {"read:page:confluence", true}};
  return app;
}

/// The same without the modules that call a remote by themselves.
inline App quiet_app() {
  App app = demo_app();
  std::erase_if(app.modules, [](const Module& module) { return module.type != "jira:issuePanel"; });
  return app;
}

/// Made once for the whole program: making RSA keys takes longer than all the rest.
inline const WorldKeys& test_keys() {
  static const WorldKeys keys = [] {
    CountedRandom random;
    return WorldKeys::generate(random).value();
  }();
  return keys;
}

/// A world, a clock that stands until a test moves it, and a remote that says what the test wants.
class Stage {
 public:
  explicit Stage(App app = demo_app()) {
    world_ = create_world(std::move(app), test_keys(), std::make_unique<CountedRandom>(), kStart);
    world_->origin = "http://127.0.0.1:7080";
  }

  World& world() { return *world_; }
  Moment now() { return world_->at(real); }

  /// What the remote answers to each request; by default 200 with nothing in it.
  std::function<Outcome(const HttpRequest&)> remote = [](const HttpRequest&) { return answered(200); };
  /// Every request that reached the remote.
  std::vector<HttpRequest> requests;
  RealTime real = kStart;

  static Outcome answered(int status, std::string body = {}, std::vector<Header> headers = {}) {
    return {Outcome::Kind::answered, {status, std::move(headers), std::move(body)}, Millis(5)};
  }

  void attempt(DeliveryId id) {
    auto made = begin_attempt(*world_, id, now());
    if (!made) return;
    if (made->instead) return finish_attempt(*world_, id, *made->instead, now());
    for (int i = 0; i < (made->twice ? 2 : 1); ++i) requests.push_back(made->request);
    finish_attempt(*world_, id, remote(made->request), now());
  }

  HttpResponse finish(AdminStep step) {
    while (auto* wait = std::get_if<AdminWait>(&step.next)) {
      for (const auto id : wait->deliveries) attempt(id);
      AdminStep following = wait->then(now());
      step = std::move(following);
    }
    return std::get<HttpResponse>(std::move(step.next));
  }

  /// One admin request; `path` may have a query.
  HttpResponse admin(std::string method, std::string_view path, std::string body = {}) {
    return finish(handle_admin(*world_, call_of(std::move(method), path, std::move(body)), now()));
  }
  json::object admin_json(std::string method, std::string_view path, std::string body = {}) {
    const auto answer = admin(std::move(method), path, std::move(body));
    return answer.body.empty() ? json::object{} : json::parse(answer.body).as_object();
  }

  ApiAnswer api_answer(std::string method, std::string_view path, std::string_view token,
                       std::string body = {}) {
    ApiCall call = call_of(std::move(method), path, std::move(body));
    if (!token.empty()) call.headers.push_back({"Authorization", "Bearer " + std::string(token), true});
    return serve_platform(*world_, call, now());
  }
  HttpResponse api(std::string method, std::string_view path, std::string_view token = {},
                   std::string body = {}) {
    return api_answer(std::move(method), path, token, std::move(body)).response;
  }

  /// Installs the app; the installation as the admin API shows it.
  json::object install(std::string body = "{}") {
    return admin_json("POST", "/_emulator/installations", std::move(body));
  }

  /// The token that the last request to the remote brought.
  std::string last_header(std::string_view name) const {
    for (const auto& header : requests.back().headers) {
      if (same_header_name(header.name, name)) return header.value;
    }
    return {};
  }

  static ApiCall call_of(std::string method, std::string_view path, std::string body) {
    ApiCall call{.method = std::move(method), .path = std::string(path.substr(0, path.find('?')))};
    if (path.find('?') != std::string_view::npos) {
      call.query = detail::parse_query(path.substr(path.find('?') + 1)).value_or(detail::QueryPairs{});
    }
    call.body = std::move(body);
    return call;
  }

 private:
  std::unique_ptr<World> world_;
};

/// The claims of a compact token, unverified.
inline json::object claims_of(std::string_view token) {
  const auto first = token.find('.') + 1;
  return json::parse(base64url_decode(token.substr(first, token.rfind('.') - first)).value()).as_object();
}

inline std::string text_at(const json::value& value, std::string_view name) {
  const auto* found = value.as_object().if_contains(name);
  if (found == nullptr) return "absent";
  return found->is_string() ? std::string(found->get_string()) : json::serialize(*found);
}

}  // namespace tongs::emulator::testing
