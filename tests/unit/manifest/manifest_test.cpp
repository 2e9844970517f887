#include <string>

#include <gtest/gtest.h>

#include <tongs/manifest/check.hpp>
#include <tongs/manifest/manifest.hpp>

namespace tongs::manifest {
namespace {

constexpr std::string_view kWhole = R"(app:
  id: ari:cloud:ecosystem::app/1
  name: Example
  runtime:
    name: nodejs22.x
  licensing:
    enabled: true
  connect:
    key: example
    remote: backend
remotes:
  - key: backend
    baseUrl: https://api.example.com
    operations: [storage, compute, fetch, other]
    storage:
      inScopeEUD: true
    auth:
      appSystemToken:
        enabled: true
      appUserToken:
        enabled: false
  - key: regional
    baseUrl:
      default: https://d.example.com
      EU: https://eu.example.com
  - key: own
    configurable:
      name: Own
      description: Yours
      supportedPatterns: ['*.example.com']
modules:
  endpoint:
    - key: events
      remote: backend
      route:
        path: /events
      auth:
        appSystemToken:
          enabled: true
    - key: short
      service: web
      route: /short
  function:
    - key: run
      handler: index.run
  trigger:
    - key: installed
      events:
        - avi:forge:installed:app
        - eventType: avi:jira:created:issue
          filter:
            ignoreSelf: true
      endpoint: events
  scheduledTrigger:
    - key: hourly
      interval: hour
      endpoint: events
  consumer:
    - key: queue
      queue: work
      function: run
  jira:issuePanel:
    - key: panel
      resolver:
        endpoint: short
      layout:
        tabs:
          - endpoint: events
connectModules:
  jira:webPanels:
    - key: old
permissions:
  scopes:
    read:jira-work:
      allowImpersonation: true
    write:jira-work: {}
  external:
    configurable:
      enabled: true
    fetch:
      backend:
        - remote: backend
        - address: https://x.example.com
          inScopeEUD: false
        - https://y.example.com
      client:
        - remote: regional
providers:
  auth:
    - key: google
      remotes: [backend]
      actions:
        exchange:
          remote: regional
services:
  - key: web
environment:
  variables:
    - PLAIN
    - key: WITH_DEFAULT
      default: d
)";

class WholeManifest : public ::testing::Test {
 protected:
  const Manifest manifest = Manifest::parse(kWhole);
};

TEST_F(WholeManifest, HasTheApp) {
  EXPECT_TRUE(manifest.readable());
  EXPECT_EQ(manifest.app().id.value, "ari:cloud:ecosystem::app/1");
  EXPECT_EQ(manifest.app().id.at, (Position{2, 7, 0}));
  EXPECT_EQ(manifest.app().name, "Example");
  EXPECT_EQ(manifest.app().runtime, "nodejs22.x");
  EXPECT_TRUE(manifest.app().licensed);
  ASSERT_TRUE(manifest.app().connect);
  EXPECT_EQ(manifest.app().connect->key.value, "example");
  EXPECT_EQ(manifest.app().connect->remote->value, "backend");
}

TEST_F(WholeManifest, HasTheRemotes) {
  ASSERT_EQ(manifest.remotes().size(), 3U);
  const Remote& backend = manifest.remotes()[0];
  EXPECT_EQ(backend.key.value, "backend");
  EXPECT_FALSE(backend.base_url->regional);
  EXPECT_EQ(backend.base_url->find("default")->url, "https://api.example.com");
  EXPECT_EQ(backend.base_url->find("EU"), nullptr);
  EXPECT_EQ(backend.operations->listed.size(), 4U);
  EXPECT_TRUE(backend.operations->legible);
  EXPECT_TRUE(backend.operations->has(Operation::other));
  EXPECT_TRUE(backend.storage->in_scope_eud->value);
  EXPECT_TRUE(backend.auth.system_enabled());
  EXPECT_FALSE(backend.auth.user_enabled());
  EXPECT_FALSE(backend.configurable);

  const Remote& regional = manifest.remotes()[1];
  EXPECT_TRUE(regional.base_url->regional);
  EXPECT_EQ(regional.base_url->find("EU")->url, "https://eu.example.com");
  EXPECT_FALSE(regional.operations);
  EXPECT_FALSE(regional.auth.app_system_token);

  const Remote& own = manifest.remotes()[2];
  EXPECT_FALSE(own.base_url);
  EXPECT_EQ(own.configurable->supported_patterns.at(0).value, "*.example.com");
  EXPECT_EQ(manifest.find_remote("own"), &own);
  EXPECT_EQ(manifest.find_remote("Own"), nullptr);
}

TEST_F(WholeManifest, HasTheEndpoints) {
  ASSERT_EQ(manifest.endpoints().size(), 2U);
  const Endpoint* events = manifest.find_endpoint("events");
  ASSERT_NE(events, nullptr);
  EXPECT_EQ(events->remote->value, "backend");
  EXPECT_FALSE(events->service);
  EXPECT_EQ(events->route->value, "/events");
  EXPECT_TRUE(events->auth.system_enabled());
  EXPECT_EQ(manifest.find_endpoint("short")->route->value, "/short")
      << "a route may be text in old manifests";
  EXPECT_EQ(manifest.find_endpoint("short")->service->value, "web");
}

TEST_F(WholeManifest, HasTheModulesAndWhatTheyCall) {
  ASSERT_EQ(manifest.modules().size(), 5U);
  const Module& trigger = manifest.modules()[1];
  EXPECT_EQ(trigger.type.value, "trigger");
  ASSERT_EQ(trigger.events.size(), 2U);
  EXPECT_EQ(trigger.events[1].value, "avi:jira:created:issue");
  EXPECT_EQ(trigger.endpoint()->key.value, "events");
  EXPECT_EQ(manifest.modules()[2].interval->value, "hour");
  EXPECT_EQ(manifest.modules()[3].queue->value, "work");
  EXPECT_EQ(manifest.modules()[3].endpoint(), nullptr);
  ASSERT_EQ(manifest.modules()[3].references.size(), 1U);
  EXPECT_EQ(manifest.modules()[3].references[0].to, Reference::To::function);

  const Module& panel = manifest.modules()[4];
  EXPECT_EQ(panel.endpoint()->key.value, "short");
  ASSERT_EQ(panel.references.size(), 2U);
  EXPECT_EQ(panel.references[1].property, "layout.tabs.endpoint");
  EXPECT_EQ(panel.references[1].depth, 3U);
  EXPECT_TRUE(panel.references[1].in_list);
  ASSERT_EQ(manifest.connect_modules().size(), 1U);
  EXPECT_EQ(manifest.connect_modules()[0].key.value, "old");
}

TEST_F(WholeManifest, HasThePermissions) {
  const Permissions& permissions = manifest.permissions();
  ASSERT_EQ(permissions.scopes.size(), 2U);
  EXPECT_TRUE(permissions.find_scope("read:jira-work")->allow_impersonation);
  EXPECT_FALSE(permissions.find_scope("write:jira-work")->allow_impersonation);
  EXPECT_EQ(permissions.find_scope("read:me"), nullptr);
  EXPECT_TRUE(permissions.configurable_egress);
  ASSERT_EQ(permissions.fetch_backend.size(), 3U);
  EXPECT_EQ(permissions.fetch_backend[0].remote->value, "backend");
  EXPECT_EQ(permissions.fetch_backend[1].address->value, "https://x.example.com");
  EXPECT_FALSE(permissions.fetch_backend[1].in_scope_eud->value);
  EXPECT_EQ(permissions.fetch_backend[2].address->value, "https://y.example.com");
  EXPECT_EQ(permissions.fetch_client[0].remote->value, "regional");
}

TEST_F(WholeManifest, HasProvidersServicesAndVariables) {
  ASSERT_EQ(manifest.auth_providers().size(), 1U);
  EXPECT_EQ(manifest.auth_providers()[0].remotes.at(0).value, "backend");
  EXPECT_EQ(manifest.auth_providers()[0].action_remotes.at(0).value, "regional");
  EXPECT_NE(manifest.find_service("web"), nullptr);
  ASSERT_EQ(manifest.variables().size(), 2U);
  EXPECT_FALSE(manifest.variables()[0].default_value);
  EXPECT_EQ(manifest.variables()[1].default_value, "d");
}

TEST_F(WholeManifest, NamesTheWayToAPosition) {
  EXPECT_EQ(manifest.path(manifest.remotes()[0].base_url->at), "/remotes/0/baseUrl");
  EXPECT_EQ(manifest.path(manifest.remotes()[1].at), "/remotes/1");
  EXPECT_EQ(manifest.path({}), "");
}

TEST(Manifest, ReadsWhatItCanOfABrokenShape) {
  const auto manifest = Manifest::parse(R"(
remotes:
  - https://no.map
  - key: 1
    baseUrl: [x]
    operations: [compute, Fetch, 3]
    storage: no
    auth: all
  - {}
modules:
  endpoint: {key: x}
  trigger: [1, {events: {}}]
permissions: []
)");
  EXPECT_TRUE(manifest.readable());
  ASSERT_EQ(manifest.remotes().size(), 2U);
  EXPECT_EQ(manifest.remotes()[0].key.value, "");
  EXPECT_FALSE(manifest.remotes()[0].base_url);
  EXPECT_EQ(manifest.remotes()[0].operations->listed.size(), 1U);
  EXPECT_FALSE(manifest.remotes()[0].operations->legible);
  EXPECT_TRUE(manifest.remotes()[0].storage);
  EXPECT_FALSE(manifest.remotes()[0].storage->in_scope_eud);
  EXPECT_TRUE(manifest.endpoints().empty());
  EXPECT_EQ(manifest.modules().size(), 1U);
}

TEST(Manifest, TakesTheFirstOfTwoRemotesWithOneKey) {
  const auto manifest = Manifest::parse("remotes:\n  - {key: a, baseUrl: x}\n  - {key: a, baseUrl: y}\n");
  EXPECT_EQ(manifest.find_remote("a")->base_url->urls.at(0).url, "x");
}

TEST(Manifest, IsUnreadableIfItIsNoMap) {
  for (const std::string_view text : {"", "[]", "text", "a: [", "\xff"}) {
    EXPECT_FALSE(Manifest::parse(text).readable()) << text;
    EXPECT_TRUE(Manifest::parse(text).remotes().empty());
  }
}

TEST(Manifest, IsUnreadableIfItCanBeReadInTwoWays) {
  for (const std::string_view text : {"app: {}\napp: {}\n", "app: {id: x}\n---\napp: {id: y}\n",
                                      "a: &a [*a]\n", "a: *b\n", "remotes: [{key: a, key: b}]\n"}) {
    const auto manifest = Manifest::parse(text);
    EXPECT_FALSE(manifest.readable()) << text;
    EXPECT_FALSE(check(manifest).empty()) << text;
  }
}

TEST(Manifest, SharesItsContentAmongCopies) {
  auto first = std::make_unique<Manifest>(Manifest::parse(kWhole));
  const Manifest copy = *first;
  first.reset();
  EXPECT_EQ(copy.find_endpoint("events")->remote->value, "backend");
}

ParseOptions with(std::string_view name, std::string_view value) {
  return {.variable = [name, value](std::string_view asked) {
    return asked == name ? std::optional<std::string>(value) : std::nullopt;
  }};
}

constexpr std::string_view kVariables = R"(
environment:
  variables:
    - HOST
    - key: PORT
      default: '443'
remotes:
  - key: a
    baseUrl: https://${HOST}:${PORT}/${OTHER}
)";

std::string url_in(const Manifest& manifest) { return manifest.remotes().at(0).base_url->urls.at(0).url; }

TEST(ManifestVariables, TakeTheirValueFromTheEnvironmentThenTheirDefault) {
  EXPECT_EQ(url_in(Manifest::parse(kVariables, with("HOST", "h.example.com"))),
            "https://h.example.com:443/${OTHER}");
  EXPECT_EQ(url_in(Manifest::parse(kVariables, with("PORT", "80"))), "https://${HOST}:80/${OTHER}");
}

TEST(ManifestVariables, StayAsWrittenWithoutAValue) {
  EXPECT_EQ(url_in(Manifest::parse(kVariables)), "https://${HOST}:443/${OTHER}");
}

TEST(ManifestVariables, AreNotLookedForInValuesOfVariables) {
  EXPECT_EQ(url_in(Manifest::parse(kVariables, with("HOST", "${PORT}"))), "https://${PORT}:443/${OTHER}");
}

TEST(ManifestVariables, NeedTheWholeForm) {
  const auto manifest = Manifest::parse(
      "environment:\n  variables: [{key: A, default: v}]\nremotes:\n  - baseUrl: '$A ${A ${} ${A}} ${ "
      "A}$'\n");
  EXPECT_EQ(url_in(manifest), "$A ${A ${} v} ${ A}$");
}

}  // namespace
}  // namespace tongs::manifest
