#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "base/nearest.hpp"
#include "manifest/rules/module_forms.hpp"
#include "manifest/rules/shape.hpp"
#include "manifest/words.hpp"

namespace tongs::manifest::rules {

namespace {

using yaml::Node;

struct NamedPart {
  Part part;
  std::string_view name;
};
constexpr std::array kParts{NamedPart{kFunction, "function"}, NamedPart{kEndpoint, "endpoint"},
                            NamedPart{kResource, "resource"}, NamedPart{kResolver, "resolver"}};
constexpr std::array<std::string_view, 2> kHandlers{"function", "endpoint"};

/// What is wrong with one place of the manifest. No message: the rule of references tells it.
struct Flaw {
  Position at;
  std::string message;
};

/// `deep`: too deep inside its module for the rule of references.
Flaw no_key(Node node, std::string_view name, bool deep = false) {
  if (name == "endpoint" && is_something(node) && !deep) return {node.at(), {}};
  return {node.at(), quoted(name) + " is a key of letters, digits, '-' and '_'" +
                         (node.is_string() ? "" : instead_of(node))};
}

void tell(std::optional<Flaw> flaw, Report& report) {
  if (flaw && !flaw->message.empty()) report.add(flaw->at, std::move(flaw->message));
}

/// `{function: …}` or `{endpoint: …}`, and of other properties only those in `more`.
std::optional<Flaw> flaw_of_handler(Node handler, std::string_view what, Names more = {}, bool deep = false) {
  const std::string name = quoted(what);
  if (!handler.is_mapping()) {
    return Flaw{handler.at(), name + " is a map with 'function' or 'endpoint'" + instead_of(handler)};
  }
  for (const auto [key, value] : handler.entries()) {
    if (contains(kHandlers, key.text()) || contains(more, key.text())) continue;
    return Flaw{key.at(), "unknown property " + quoted(key.text()) + " of " + name +
                              ": it names a 'function' or an 'endpoint', and nothing else"};
  }
  const Node function = handler["function"];
  const Node endpoint = handler["endpoint"];
  if (function && endpoint) {
    return Flaw{handler.key("endpoint").at(), name + " names a function and an endpoint: keep one of them"};
  }
  if (!function && !endpoint)
    return Flaw{handler.at(), name + " names neither a function nor an endpoint: add one"};
  if (!names_a_key(function ? function : endpoint))
    return no_key(function ? function : endpoint, function ? "function" : "endpoint", deep);
  return std::nullopt;
}

std::optional<Flaw> flaw_of_function_resolver(Node resolver) {
  const Node endpoint = resolver.key("endpoint");
  if (!endpoint) return flaw_of_handler(resolver, "resolver");
  return Flaw{endpoint.at(), "the resolver of this module is a function: no endpoint can serve it"};
}

/// What takes events off a queue.
std::optional<Flaw> flaw_of_queue_resolver(Node resolver) {
  constexpr std::array<std::string_view, 3> known{"function", "method", "workflow"};
  const bool workflow = resolver["workflow"].is_string() && resolver.size() == 1;
  const bool function =
      names_a_key(resolver["function"], true) && names_a_key(resolver["method"]) && resolver.size() == 2;
  if (workflow || function) return std::nullopt;
  for (const auto [key, value] : resolver.entries()) {
    if (contains(known, key.text())) continue;
    return Flaw{key.at(), "unknown property " + quoted(key.text()) +
                              " of the resolver of a consumer: an endpoint is named beside 'queue'"};
  }
  return Flaw{resolver.at(), "the resolver of a consumer names 'function' and 'method', or a 'workflow'"};
}

std::optional<Flaw> flaw_of_resolver(Node resolver, Resolver kind) {
  if (!resolver) return std::nullopt;
  switch (kind) {
    case Resolver::anything:
      return std::nullopt;
    case Resolver::handler:
      return flaw_of_handler(resolver, "resolver");
    case Resolver::function:
      return flaw_of_function_resolver(resolver);
    case Resolver::queue:
      return flaw_of_queue_resolver(resolver);
  }
  return std::nullopt;
}

/// A module, judged by the ways in which its type can be written.
class Judgement {
 public:
  Judgement(Node module, std::string_view type, const ModuleForms& forms)
      : module_(module), type_(type), forms_(forms) {}

  std::optional<Flaw> flaw() const {
    const auto& forms = forms_.forms;
    if (auto misspelt = misspelt_part()) return misspelt;
    const auto fits = std::count_if(forms.begin(), forms.end(),
                                    [&](const Form& form) { return !flaw_against(form).has_value(); });
    if (fits == 0) return names_any() ? flaw_against(meant()) : nothing_named();
    if (fits > 1) return two_named();
    const Node function = module_["function"];
    if (forms_.checks_function && function && !names_a_key(function)) return no_key(function, "function");
    return std::nullopt;
  }

 private:
  /// Needs of a form, which every module can only miss if it names something.
  bool needs(const Form& form, Part part) const { return (form.needs & part) != 0; }

  std::optional<Flaw> flaw_against(const Form& form) const {
    for (const auto& [part, name] : kParts) {
      const Node node = module_[name];
      if (needs(form, part) && !node) return nothing_named();
      if (node && (form.allows & part) == 0) return foreign(name, form);
      if (needs(form, part) && (part == kFunction || part == kEndpoint) && !names_a_key(node, forms_.dots))
        return no_key(node, name);
    }
    return flaw_of_resolver(module_["resolver"], form.resolver);
  }

  /// A property that is none of the parts, but nearly called so, where no form allows more than it names.
  std::optional<Flaw> misspelt_part() const {
    constexpr std::array<std::string_view, 4> names{"function", "endpoint", "resource", "resolver"};
    const auto& forms = forms_.forms;
    if (std::any_of(forms.begin(), forms.end(), [](const Form& form) { return form.allows == kAnyPart; }))
      return std::nullopt;
    for (const auto [key, value] : module_.entries()) {
      if (contains(names, key.text())) continue;
      const auto meant = nearest(key.text(), names);
      if (meant) {
        return Flaw{key.at(), "unknown property " + quoted(key.text()) + " of a " + quoted(type_) +
                                  ", did you mean " + quoted(*meant) + "?"};
      }
    }
    return std::nullopt;
  }

  /// The form that has most of what the module has.
  const Form& meant() const {
    const auto named = std::find_if(forms_.forms.begin(), forms_.forms.end(), [&](const Form& form) {
      return std::any_of(kParts.begin(), kParts.end(),
                         [&](const auto& each) { return needs(form, each.part) && module_[each.name]; });
    });
    return named == forms_.forms.end() ? forms_.forms.front() : *named;
  }

  bool names_any() const {
    return std::any_of(kParts.begin(), kParts.end(), [&](const auto& each) {
      return module_[each.name] &&
             std::any_of(forms_.forms.begin(), forms_.forms.end(),
                         [&](const Form& form) { return form.needs == 0 || needs(form, each.part); });
    });
  }

  std::string alternatives() const {
    std::vector<std::string_view> names;
    for (const auto& [part, name] : kParts) {
      const Part wanted = part;
      if (std::any_of(forms_.forms.begin(), forms_.forms.end(),
                      [&](const Form& form) { return needs(form, wanted); }))
        names.push_back(name);
    }
    return either(names);
  }

  Flaw nothing_named() const {
    return {module_.at(), "nothing serves this " + quoted(type_) + ": add " + alternatives()};
  }

  Flaw foreign(std::string_view name, const Form& form) const {
    const std::string what =
        "a " + quoted(type_) + (form.needs == 0 ? " has no " : " written this way has no ");
    return {module_.key(name).at(), what + quoted(name) + ": remove it"};
  }

  Flaw two_named() const {
    std::string_view second;
    for (const auto& [part, name] : kParts) {
      const Part wanted = part;
      const bool counts = std::any_of(forms_.forms.begin(), forms_.forms.end(),
                                      [&](const Form& form) { return needs(form, wanted); });
      if (counts && module_[name]) second = name;
    }
    return {module_.key(second).at(),
            "two things serve this " + quoted(type_) + ": keep one of " + alternatives()};
  }

  Node module_;
  std::string_view type_;
  const ModuleForms& forms_;
};

/// Calls `look(type, module)` for each module that is a map, but for functions and endpoints.
template <class Look>
void for_each_caller(const Manifest& manifest, Look look) {
  for (const auto [type, list] : root_of(manifest)["modules"].entries()) {
    if (type.text() == "function" || type.text() == "endpoint") continue;
    for (const Node module : list.items()) {
      if (module.is_mapping()) look(type.text(), module);
    }
  }
}

void module_is_served(const Manifest& manifest, Report& report) {
  for_each_caller(manifest, [&](std::string_view type, Node module) {
    const ModuleForms* forms = forms_of(type);
    if (forms == nullptr) return;
    tell(Judgement(module, type, *forms).flaw(), report);
  });
}

/// A place inside a module that names its own function or endpoint, or its endpoint alone.
struct Place {
  std::string_view type;
  std::array<std::string_view, 3> way;
  bool function = false;
  std::array<std::string_view, 2> more = {};
};

constexpr std::array kPlaces = {
    Place{"macro", {"static"}, true, {"concurrency", "cacheConfiguration"}},
    Place{"dashboards:widget", {"aiContext", "data"}, true},
    Place{"devops:designInfoProvider", {"checkAuth"}},
    Place{"devops:designInfoProvider", {"getEntityByUrl"}},
    Place{"devops:designInfoProvider", {"onEntityAssociated"}},
    Place{"devops:designInfoProvider", {"onEntityDisassociated"}},
    Place{"devops:securityInfoProvider", {"fetchWorkspaces"}},
    Place{"devops:securityInfoProvider", {"fetchContainers"}},
    Place{"devops:securityInfoProvider", {"searchContainers"}},
    Place{"devops:securityInfoProvider", {"onEntityAssociated"}},
    Place{"devops:securityInfoProvider", {"onEntityDisassociated"}},
    Place{"rovo:agentConnector", {"protocols", "agent2Agent", "jsonRpcTransport"}, false, {"streaming"}},
};

std::optional<Flaw> flaw_of_place(Node node, const Place& place, std::string_view name) {
  const bool dots = place.type == "rovo:agentConnector";
  const bool deep = !place.way[1].empty();
  if (place.function) return flaw_of_handler(node, name, place.more, deep);
  if (!node.is_mapping())
    return Flaw{node.at(), quoted(name) + " is a map with 'endpoint'" + instead_of(node)};
  for (const auto [key, value] : node.entries()) {
    if (key.text() == "endpoint" || contains(place.more, key.text())) continue;
    return Flaw{key.at(), "unknown property " + quoted(key.text()) + " of " + quoted(name) +
                              ": it names an 'endpoint', and nothing else"};
  }
  const Node endpoint = node["endpoint"];
  if (!endpoint) return Flaw{node.at(), quoted(name) + " names no 'endpoint': add it"};
  if (!names_a_key(endpoint, dots)) return no_key(endpoint, "endpoint", deep);
  return std::nullopt;
}

void place_names_its_endpoint(const Manifest& manifest, Report& report) {
  for_each_caller(manifest, [&](std::string_view type, Node module) {
    for (const Place& place : kPlaces) {
      if (place.type != type) continue;
      Node node = module;
      std::string_view name;
      for (const auto step : place.way) {
        if (step.empty()) break;
        node = node[step];
        name = step;
      }
      if (!node) continue;
      tell(flaw_of_place(node, place, name), report);
    }
  });
}

constexpr std::array kEntries = {
    Entry{forge_error(
              "module-backend", kDocument,
              "A module names what serves it in one of the ways that its type knows: `function`, `endpoint`, "
              "`resource` with a `resolver`. A `resolver` names one function or one endpoint.",
              "Name one function or endpoint, in the place that this type of module has for it.", R"(
modules:
  webtrigger:
    - key: hook
      function: run
      endpoint: api
)",
              R"(
modules:
  webtrigger:
    - key: hook
      endpoint: api
  endpoint:
    - key: api
      remote: backend
)"),
          module_is_served},
    Entry{forge_error("module-callback", kDocument,
                      "A property of a module that Forge calls by itself, such as `checkAuth` of a "
                      "`devops:designInfoProvider`, names one endpoint and nothing else.",
                      "Name the key of an entry of `modules.endpoint` there.", R"(
modules:
  devops:designInfoProvider:
    - key: designs
      checkAuth:
        function: run
)",
                      R"(
modules:
  devops:designInfoProvider:
    - key: designs
      checkAuth:
        endpoint: api
  endpoint:
    - key: api
      remote: backend
)"),
          place_names_its_endpoint},
};

}  // namespace

std::span<const Entry> module_backend() { return kEntries; }

}  // namespace tongs::manifest::rules
