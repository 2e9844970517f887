#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tongs/client.hpp>
#include <tongs/json.hpp>
#include <tongs/request.hpp>

// Calls generated functions by name: tools/apigen makes a table of them for each API. What a request is to
// hold comes as JSON, members named as on the wire; `@body`, `@content`, `@contentType` and `@files` are the
// body.
namespace tongs::peers {

struct Runner {
  std::string_view name;
  Result<void> (*run)(const BoundClient& client, JsonView args);
};

/// Whether a call succeeded and its answer could be read.
template <class T>
Result<void> outcome_of(const Result<T>& answer) {
  if (!answer) return answer.error();
  return {};
}

std::span<const Runner> runners_of_jira_v3();
std::span<const Runner> runners_of_jira_v2();
std::span<const Runner> runners_of_jira_software();
std::span<const Runner> runners_of_jira_service_management();
std::span<const Runner> runners_of_confluence_v1();
std::span<const Runner> runners_of_confluence_v2();

std::string text_of(JsonView value);
std::vector<FilePart> files_of(JsonView files);

void take(JsonView value, std::optional<std::string>& member);
void take(JsonView value, std::optional<std::int64_t>& member);
void take(JsonView value, std::optional<double>& member);
void take(JsonView value, std::optional<bool>& member);
void take(JsonView value, std::vector<std::string>& member);
void take(JsonView value, std::vector<std::int64_t>& member);
void take(JsonView value, std::vector<std::pair<std::string, std::string>>& member);

/// What a required member is made of, whatever its type.
struct Argument {
  JsonView value;

  operator std::string() const { return text_of(value); }
  operator std::int64_t() const { return value.integer().value_or(0); }
  operator double() const { return value.number().value_or(0); }
  operator bool() const { return value.boolean().value_or(false); }
  operator std::vector<std::string>() const {
    std::vector<std::string> all;
    take(value, all);
    return all;
  }
  operator std::vector<std::int64_t>() const {
    std::vector<std::int64_t> all;
    take(value, all);
    return all;
  }
};

}  // namespace tongs::peers
