#pragma once
#include <string_view>
#include <unordered_map>
#include <vector>

#include <tongs/manifest/manifest.hpp>

#include "manifest/yaml_tree.hpp"

namespace tongs::manifest::detail {

/// A use of a variable of the environment that has no value.
struct UnsetVariable {
  std::string name;
  Position at;
};

/// A word of a comment `# tongs-ignore`, and the line that it is about.
struct IgnoredRule {
  std::string word;
  Position at;
  std::uint32_t line = 0;
};

/// Everything that a Manifest knows.
struct Content {
  yaml::Tree tree;
  std::vector<IgnoredRule> ignored_rules;      ///< in the order of the text
  std::vector<UnsetVariable> unset_variables;  ///< in the order of the text

  App app;
  std::vector<Remote> remotes;
  std::vector<Endpoint> endpoints;
  std::vector<Module> modules;
  std::vector<Module> connect_modules;
  Permissions permissions;
  std::vector<AuthProvider> auth_providers;
  std::vector<Service> services;
  std::vector<Variable> variables;

  /// The first of each key. Views and pointers into the lists above, which no longer change.
  std::unordered_map<std::string_view, const Remote*> remote_by_key;
  std::unordered_map<std::string_view, const Endpoint*> endpoint_by_key;
  std::unordered_map<std::string_view, const Service*> service_by_key;
};

/// What comments of the text excuse.
std::vector<IgnoredRule> ignored_rules_in(std::string_view text);
/// Reads the model out of `content.tree`. `content` stays where it is from now on.
void read_model(Content& content);
/// `[A-Za-z_][A-Za-z0-9_]*`: can a variable of the environment be called so?
bool is_variable_name(std::string_view text) noexcept;
/// Reads `content.variables` and puts their values where the document uses them.
void interpolate(Content& content, const ParseOptions& options);

}  // namespace tongs::manifest::detail
