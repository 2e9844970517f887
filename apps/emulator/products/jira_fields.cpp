#include "emulator/products/jira_fields.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

namespace tongs::emulator {

std::optional<json::value> read_document(const ProductCall& call, const json::value& value) {
  if (value.is_null()) return value;
  if (call.api == ApiName::jira_v2) {
    if (!value.is_string()) return std::nullopt;
    return document_of(value.get_string());
  }
  if (!value.is_object()) return std::nullopt;
  return value;
}

std::optional<std::string> read_person(const Site& site, const json::value& value) {
  if (value.is_null()) return std::string();
  const json::object* person = value.if_object();
  const json::value* id = person == nullptr ? nullptr : person->if_contains("accountId");
  if (id == nullptr && person != nullptr) id = person->if_contains("id");
  if (id != nullptr && id->is_null()) return std::string();
  if (id == nullptr || !id->is_string() || site.find_user(id->get_string()) == nullptr) return std::nullopt;
  return std::string(id->get_string());
}

namespace {

/// Sets one field of an issue. Gives what is wrong with the value, or nothing.
using SetField = std::string_view (*)(const ProductCall& call, const json::value& value, Issue& issue);

std::string_view set_summary(const ProductCall&, const json::value& value, Issue& issue) {
  if (!value.is_string() || value.get_string().empty()) return "You must specify a summary of the issue.";
  issue.summary = value.get_string();
  return {};
}

std::string_view set_description(const ProductCall& call, const json::value& value, Issue& issue) {
  auto document = read_document(call, value);
  if (!document) {
    return call.api == ApiName::jira_v2 ? "Operation value must be a text."
                                        : "Operation value must be an Atlassian Document.";
  }
  issue.description = *std::move(document);
  return {};
}

std::string_view set_labels(const ProductCall&, const json::value& value, Issue& issue) {
  std::vector<std::string> labels;
  if (!value.is_array()) return "Labels are a list of texts.";
  for (const auto& label : value.get_array()) {
    if (!label.is_string()) return "Labels are a list of texts.";
    labels.emplace_back(label.get_string());
  }
  issue.labels = std::move(labels);
  return {};
}

std::string_view set_type(const ProductCall&, const json::value& value, Issue& issue) {
  const json::object* type = value.if_object();
  const json::value* name = type == nullptr ? nullptr : type->if_contains("name");
  if (name == nullptr || !name->is_string()) return "Specify an issue type by its name.";
  issue.type = name->get_string();
  return {};
}

std::string_view set_person(const ProductCall& call, const json::value& value, std::string& target) {
  auto account = read_person(call.site, value);
  if (!account) return "There is no user with this accountId.";
  target = *std::move(account);
  return {};
}

std::string_view set_assignee(const ProductCall& call, const json::value& value, Issue& issue) {
  return set_person(call, value, issue.assignee);
}
std::string_view set_reporter(const ProductCall& call, const json::value& value, Issue& issue) {
  return set_person(call, value, issue.reporter);
}
/// Its project is chosen when the issue is made, and stays.
std::string_view keep_project(const ProductCall&, const json::value&, Issue&) { return {}; }

constexpr std::array<std::pair<std::string_view, SetField>, 7> kFields{{
    {"summary", set_summary},
    {"description", set_description},
    {"labels", set_labels},
    {"issuetype", set_type},
    {"assignee", set_assignee},
    {"reporter", set_reporter},
    {"project", keep_project},
}};

}  // namespace

json::object apply_fields(const ProductCall& call, const json::object& fields, Issue& issue) {
  json::object errors;
  for (const auto& [name, value] : fields) {
    const auto field =
        std::find_if(kFields.begin(), kFields.end(),
                     [&, wanted = std::string_view(name)](const auto& one) { return one.first == wanted; });
    const std::string_view wrong = field == kFields.end()
                                       ? "Field cannot be set: the emulator does not know it."
                                       : field->second(call, value, issue);
    if (!wrong.empty()) errors[name] = wrong;
  }
  return errors;
}

}  // namespace tongs::emulator
