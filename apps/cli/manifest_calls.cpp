#include "cli/manifest_calls.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <ostream>
#include <utility>

#include <tongs/json.hpp>

#include "cli/api_products.hpp"
#include "cli/exit_status.hpp"
#include "cli/input.hpp"
#include "cli/manifest_input.hpp"
#include "json/writer.hpp"
#include "scopes/call_list.hpp"
#include "scopes/scope_report.hpp"

namespace tongs::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestFile = std::size_t{64} * 1024 * 1024;
constexpr std::array<std::string_view, 6> kSourceEndings = {".cpp", ".cc", ".cxx", ".hpp", ".h", ".hh"};
/// Folders as `#include <tongs/…>` has them, in the order of `api_products`.
constexpr std::array<std::string_view, 6> kFolders = {
    "jira/v3", "jira/v2", "jira/software", "jira/service_management", "confluence/v2", "confluence/v1"};

std::vector<scopes::Api> known_apis() {
  std::vector<scopes::Api> apis;
  for (const ApiProduct& product : api_products()) {
    apis.push_back({product.name, kFolders[apis.size()], &product.operations()});
  }
  return apis;
}

bool is_source(const fs::path& path) {
  const std::string ending = path.extension().string();
  return std::find(kSourceEndings.begin(), kSourceEndings.end(), ending) != kSourceEndings.end();
}

/// The files that are meant, in the order of their names; of a folder, sources and `.calls`.
std::vector<std::string> files_of(const std::vector<std::string>& named) {
  std::vector<std::string> files;
  for (const std::string& name : named) {
    std::error_code failed;
    if (!fs::is_directory(name, failed)) {
      files.push_back(name);
      continue;
    }
    const std::size_t first = files.size();
    for (fs::recursive_directory_iterator at(name, failed), end; !failed && at != end; at.increment(failed)) {
      const bool wanted = is_source(at->path()) || at->path().extension() == ".calls";
      if (wanted && at->is_regular_file(failed)) files.push_back(at->path().string());
    }
    std::sort(files.begin() + static_cast<std::ptrdiff_t>(first), files.end());
  }
  return files;
}

std::string joined(const std::vector<std::string_view>& names) {
  std::string text;
  for (const std::string_view name : names) text.append(text.empty() ? "" : ", ").append(name);
  return text;
}

std::string human_of(const std::string& file, const scopes::ScopeReport& report) {
  std::string text;
  const auto line = [&](std::initializer_list<std::string_view> parts) {
    text.append(printable(file)).append(": ");
    for (const std::string_view part : parts) text.append(part);
    text.append("\n");
  };
  for (const auto& missing : report.missing) {
    const Operation& call = missing.operation;
    line({call.name, " (", call.method, " ", call.path, ") needs ", joined(missing.scopes)});
  }
  for (const std::string& scope : report.unused) line({"no call needs ", printable(scope)});
  for (const Operation& operation : report.not_stated) line({"unknown what ", operation.name, " needs"});
  return text;
}

std::string json_of(const std::string& file, const scopes::ScopeReport& report) {
  JsonWriter out;
  out.open_object().name("file").string(file).name("missing").open_array();
  for (const auto& missing : report.missing) {
    out.open_object()
        .name("operation")
        .string(missing.operation.name)
        .name("method")
        .string(missing.operation.method);
    out.name("path").string(missing.operation.path).name("scopes").open_array();
    for (const std::string_view scope : missing.scopes) out.string(scope);
    out.close_array().close_object();
  }
  out.close_array().name("unused").open_array();
  for (const std::string& scope : report.unused) out.string(scope);
  out.close_array().name("unknown").open_array();
  for (const Operation& operation : report.not_stated) out.string(operation.name);
  return std::move(out.close_array().close_object()).text();
}

}  // namespace

struct AppCalls::Content {
  std::vector<scopes::Api> apis;
  scopes::Calls calls;
};

AppCalls::AppCalls(std::unique_ptr<const Content> content) noexcept : content_(std::move(content)) {}
AppCalls::~AppCalls() = default;
AppCalls::AppCalls(AppCalls&&) noexcept = default;
AppCalls& AppCalls::operator=(AppCalls&&) noexcept = default;

std::optional<AppCalls> AppCalls::read(const std::vector<std::string>& named, Terminal& terminal) {
  auto content = std::make_unique<Content>(Content{known_apis(), {}});
  for (const std::string& file : files_of(named)) {
    const auto text = read_input(file, kLargestFile);
    if (!text) {
      terminal.err() << "tongs: --calls: " << printable(file) << ": " << text.error().message() << "\n";
      return std::nullopt;
    }
    if (is_source(file)) {
      scopes::read_source(*text, content->apis, content->calls);
    } else {
      scopes::read_call_list(*text, content->apis, content->calls);
    }
  }
  for (const std::string& line : content->calls.unknown) {
    terminal.err() << "tongs: --calls: this names no operation: " << printable(line) << "\n";
  }
  return AppCalls(std::move(content));
}

AppCalls::Comparison AppCalls::compare(std::string file, const manifest::Manifest& manifest) const {
  std::vector<std::string> declared;
  for (const auto& scope : manifest.permissions().scopes) declared.push_back(scope.name.value);
  const auto report = scopes::compare_scopes(content_->calls.operations, declared, content_->apis);
  Comparison comparison;
  comparison.ok_ = report.missing.empty();
  comparison.human_ = human_of(file, report);
  comparison.json_ = json_of(file, report);
  return comparison;
}

}  // namespace tongs::cli
