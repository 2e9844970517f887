#include "cli/api_products.hpp"

#include <algorithm>
#include <array>

#include <tongs/confluence/v1/operations.hpp>
#include <tongs/confluence/v2/operations.hpp>
#include <tongs/jira/service_management/operations.hpp>
#include <tongs/jira/software/operations.hpp>
#include <tongs/jira/v2/operations.hpp>
#include <tongs/jira/v3/operations.hpp>

namespace tongs::cli {

namespace {

constexpr std::array kProducts = {
    ApiProduct{"jira", "Jira platform, v3", jira::v3::operations},
    ApiProduct{"jira-v2", "Jira platform, v2", jira::v2::operations},
    ApiProduct{"jira-software", "Boards, sprints, builds, deployments", jira::software::operations},
    ApiProduct{"jira-service-management", "Service desks and requests", jira::service_management::operations},
    ApiProduct{"confluence", "Confluence, v2", confluence::v2::operations},
    ApiProduct{"confluence-v1", "Confluence, v1", confluence::v1::operations},
};

constexpr std::array<std::string_view, 16> kCommonOptions = {
    "all",  "api-base-url", "as",         "body",   "content-type", "file",  "format", "form",
    "help", "installation", "invocation", "output", "proxy-url",    "query", "record", "token-url"};

bool is_upper(char c) noexcept { return c >= 'A' && c <= 'Z'; }

}  // namespace

std::span<const ApiProduct> api_products() noexcept { return kProducts; }

const ApiProduct* find_product(std::string_view name) noexcept {
  const auto* found = std::find_if(kProducts.begin(), kProducts.end(),
                                   [&](const ApiProduct& product) { return product.name == name; });
  return found == kProducts.end() ? nullptr : found;
}

std::string option_of(const OperationParameter& parameter) {
  std::string option;
  for (const char c : parameter.name) {
    const bool separates = c == '_' || c == '-' || c == '.' || c == ' ';
    if ((separates || is_upper(c)) && !option.empty() && option.back() != '-') option += '-';
    if (!separates) option += is_upper(c) ? static_cast<char>(c + ('a' - 'A')) : c;
  }
  if (option.empty()) return "underscore";
  const bool taken = std::find(kCommonOptions.begin(), kCommonOptions.end(), option) != kCommonOptions.end();
  return taken ? "param-" + option : option;
}

std::string namesake_of(const Operation& operation, std::string_view option) {
  for (const OperationParameter& parameter : operation.parameters) {
    const std::string name(parameter.name);
    if (option == "--" + name && option_of(parameter) != name)
      return "; the parameter " + name + " is --" + option_of(parameter);
  }
  return "";
}

std::string scopes_of(const Operation& operation) {
  std::string text;
  for (const auto* alternatives : {&operation.classic_scopes, &operation.granular_scopes}) {
    for (const auto& alternative : *alternatives) {
      text += text.empty() ? "Scopes: " : "\n    or: ";
      for (std::size_t i = 0; i < alternative.size(); ++i)
        text += (i == 0 ? "" : ", ") + std::string(alternative[i]);
    }
  }
  return text.empty() ? "No scopes are stated." : text;
}

}  // namespace tongs::cli
