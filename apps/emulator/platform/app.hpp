#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tongs/ids.hpp>
#include <tongs/manifest/manifest.hpp>

namespace tongs::emulator {

/// Which tokens somebody asks for (`auth` of an endpoint or a remote).
struct TokenWish {
  bool system = false;
  bool user = false;
};

struct Remote {
  std::string key;
  /// Base URLs by region; a plain `baseUrl` is the region `default`. Empty: an admin configures it.
  std::map<std::string, std::string, std::less<>> urls;
  TokenWish auth;

  /// The URL of a region, else the default one, else empty.
  std::string_view url(std::string_view region) const noexcept;
};

struct Endpoint {
  std::string key;
  std::string remote;
  std::string path;  ///< `route.path`; empty: UI modules say it with each call
  TokenWish auth;
};

/// A module that reaches an endpoint. Modules that functions serve are not here: no remote is called.
struct Module {
  std::string type;  ///< such as `trigger`, `scheduledTrigger`, `jira:issuePanel`
  std::string key;
  std::string endpoint;
  std::vector<std::string> events;  ///< of a `trigger`
  std::string interval;             ///< of a `scheduledTrigger`
};

struct Scope {
  std::string name;
  bool allow_impersonation = false;
};

/// What the platform has to know of a manifest. Thread safety: const.
struct App {
  AppId id;
  std::string name;
  std::string version = "1.0.0";
  std::vector<Remote> remotes = {};
  std::vector<Endpoint> endpoints = {};
  std::vector<Module> modules = {};
  std::vector<Scope> scopes = {};
  /// What it was made of, with which a later version is compared.
  std::optional<manifest::Manifest> manifest = {};

  const Remote* find_remote(std::string_view key) const noexcept;
  const Endpoint* find_endpoint(std::string_view key) const noexcept;
  const Module* find_module(std::string_view key) const noexcept;
  bool has_scope(std::string_view scope) const noexcept;
  std::vector<std::string> scope_names() const;
  /// The scopes under which the app may act for a user who is not there (contract 4.1.2).
  std::vector<std::string> impersonation_scopes() const;
};

}  // namespace tongs::emulator
