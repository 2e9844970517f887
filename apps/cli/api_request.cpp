#include "cli/api_request.hpp"

#include <utility>

#include <tongs/json.hpp>
#include <tongs/request.hpp>

#include "cli/api_products.hpp"
#include "cli/input.hpp"
#include "client/multipart.hpp"
#include "emulator/base/members.hpp"

namespace tongs::cli {

namespace {

constexpr std::size_t kLargestBody = std::size_t{64} * 1024 * 1024;

using Pair = std::pair<std::string, std::string>;

Error wrong(const std::string& option, const Error& why) {
  return {Errc::invalid_argument, option + ": " + why.describe()};
}

Result<Pair> pair_of(const std::string& option, const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    return Error(Errc::invalid_argument, option + ": it must look like name=value");
  }
  return Pair{text.substr(0, equals), text.substr(equals + 1)};
}

std::string joined(const std::vector<std::string>& values) {
  std::string text;
  for (const std::string& value : values) text += (text.empty() ? "" : ",") + value;
  return text;
}

Result<void> add_pairs(ApiRequest& request, const std::string& option,
                       const std::vector<std::string>& pairs) {
  for (const std::string& text : pairs) {
    auto pair = pair_of(option, text);
    if (!pair) return std::move(pair).error();
    request.query.push_back(*std::move(pair));
  }
  return {};
}

Result<void> add_query(ApiRequest& request, const ApiOptions& options) {
  auto added = add_pairs(request, "--query", options.query);
  if (added) return added;
  const Error& wrong = added.error();
  return Error(wrong.code(), std::string(wrong.message()) + namesake_of(*options.operation, "--query"));
}

Result<void> add(ApiRequest& request, const OperationParameter& parameter,
                 const std::vector<std::string>& values) {
  using In = OperationParameter::In;
  const std::string name(parameter.name);
  if (parameter.in == In::path) {
    request.path_parameters.emplace_back(name, values.back());
  } else if (parameter.in == In::header) {
    request.headers.push_back({.name = name, .value = values.back()});
  } else if (parameter.pairs) {
    return add_pairs(request, "--" + option_of(parameter), values);
  } else if (parameter.joined) {
    request.query.emplace_back(name, joined(values));
  } else {
    for (const std::string& value : values) request.query.emplace_back(name, value);
  }
  return {};
}

Result<void> add_files(ApiRequest& request, const ApiOptions& options) {
  std::vector<FilePart> files;
  for (const std::string& path : options.files) {
    auto file = FilePart::from_file(path);
    if (!file) return wrong("--file", file.error());
    files.push_back(*std::move(file));
  }
  std::vector<Pair> pairs;
  for (const std::string& text : options.form) {
    auto pair = pair_of("--form", text);
    if (!pair) return std::move(pair).error();
    pairs.push_back(*std::move(pair));
  }
  std::vector<std::pair<const char*, std::optional<std::string>>> fields;
  for (const Pair& pair : pairs) fields.emplace_back(pair.first.c_str(), pair.second);
  auto made = detail::multipart("file", files, fields);
  if (!made) return std::move(made).error();
  request.headers.push_back({.name = "content-type", .value = std::move(made->content_type)});
  request.body = std::move(made->body);
  return {};
}

/// What is no JSON is not sent, and is told where it ends to be.
Result<void> check_json(const std::string& body) {
  const auto document = JsonDocument::parse(body);
  if (document) return {};
  const auto parsed = emulator::parse_json(body);
  const auto* problem = std::get_if<emulator::Problem>(&parsed);
  if (body.empty() || problem == nullptr) return wrong("--body", document.error());
  return Error(Errc::invalid_argument, "--body: " + problem->describe());
}

Result<std::string> read_body(const ApiOptions& options) {
  auto body = read_input(options.body, kLargestBody);
  if (!body) return wrong("--body", body.error());
  if (body->size() > kLargestBody) return Error(Errc::invalid_argument, "--body: it is larger than 64 MiB");
  if (options.operation->body == BodyKind::bytes) return body;
  if (auto checked = check_json(*body); !checked) return std::move(checked).error();
  return body;
}

Result<void> add_body(ApiRequest& request, const ApiOptions& options) {
  const BodyKind kind = options.operation->body;
  if (kind == BodyKind::files) return add_files(request, options);
  if (options.body.empty()) return {};
  auto body = read_body(options);
  if (!body) return std::move(body).error();
  request.body = *std::move(body);
  if (kind == BodyKind::json_patch) {
    request.headers.push_back({.name = "content-type", .value = "application/json-patch+json"});
  } else if (kind == BodyKind::bytes) {
    request.headers.push_back({.name = "content-type", .value = options.content_type});
  }
  return {};
}

}  // namespace

Result<ApiRequest> request_of(const ApiOptions& options) {
  const Operation& operation = *options.operation;
  ApiRequest request{.method = std::string(operation.method), .path = std::string(operation.path)};
  request.idempotent = operation.idempotent;
  for (const OperationParameter& parameter : operation.parameters) {
    const auto values = options.values.find(option_of(parameter));
    if (values == options.values.end() || values->second.empty()) continue;
    if (auto added = add(request, parameter, values->second); !added) return added.error();
  }
  if (auto added = add_query(request, options); !added) return added.error();
  for (const auto& [name, value] : operation.headers) {
    request.headers.push_back({.name = std::string(name), .value = std::string(value)});
  }
  if (operation.downloads) request.headers.push_back({.name = "accept", .value = "*/*"});
  if (auto added = add_body(request, options); !added) return added.error();
  return request;
}

}  // namespace tongs::cli
