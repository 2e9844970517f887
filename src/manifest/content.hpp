#pragma once
#include <vector>

#include <tongs/manifest/manifest.hpp>

#include "manifest/yaml_tree.hpp"

namespace tongs::manifest::detail {

/// A use of a variable of the environment that has no value.
struct UnsetVariable {
  std::string name;
  Position at;
};

/// Everything that a Manifest knows.
struct Content {
  yaml::Tree tree;
  std::vector<UnsetVariable> unset_variables;

  App app;
  std::vector<Remote> remotes;
  std::vector<Endpoint> endpoints;
  std::vector<Module> modules;
  std::vector<Module> connect_modules;
  Permissions permissions;
  std::vector<AuthProvider> auth_providers;
  std::vector<Service> services;
  std::vector<Variable> variables;
};

/// Reads the model out of `content.tree`.
void read_model(Content& content);
/// Reads `content.variables` and puts their values where the document uses them.
void interpolate(Content& content, const ParseOptions& options);

}  // namespace tongs::manifest::detail
