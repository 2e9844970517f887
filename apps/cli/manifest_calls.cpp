#include "cli/manifest_calls.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <ostream>
#include <system_error>
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
constexpr std::size_t kMostUnknown = 10;
constexpr std::size_t kLongestLine = 200;
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

bool is_list(const fs::path& path) { return path.extension() == ".calls"; }

/// Sources and lists in a folder, in the order of their names. Errors: there are none, or it cannot be read.
Result<std::vector<std::string>> files_in(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code failed;
  for (fs::recursive_directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed)) {
    const bool wanted = is_source(at->path()) || is_list(at->path());
    if (wanted && at->is_regular_file()) files.push_back(at->path().string());
  }
  if (failed) return Error(Errc::invalid_argument, "the folder cannot be read");
  if (files.empty())
    return Error(Errc::invalid_argument, "there is no C++ file and no .calls file in this folder");
  std::sort(files.begin(), files.end());
  return files;
}

Result<std::string> text_of(const std::string& file) {
  auto text = read_input(file, kLargestFile);
  if (text && text->size() > kLargestFile) return Error(Errc::invalid_argument, "it is larger than 64 MiB");
  return text;
}

/// Reads what is named into sources and lists. Gives the name of what cannot be read, and why.
std::optional<std::pair<std::string, Error>> read_named(const std::vector<std::string>& named,
                                                        std::vector<scopes::Source>& sources,
                                                        std::vector<std::string>& lists) {
  for (const std::string& name : named) {
    std::error_code failed;
    auto files = fs::is_directory(name, failed) ? files_in(name) : std::vector{name};
    if (!files) return std::pair{name, files.error()};
    for (std::string& file : *files) {
      auto text = text_of(file);
      if (!text) return std::pair{file, text.error()};
      if (is_source(file)) {
        sources.push_back({std::move(file), *std::move(text)});
      } else {
        lists.push_back(*std::move(text));
      }
    }
  }
  return std::nullopt;
}

void report_unknown(const std::vector<std::string>& lines, Terminal& terminal) {
  for (std::size_t i = 0; i < std::min(lines.size(), kMostUnknown); ++i) {
    terminal.err() << "tongs: --calls: this names no operation: "
                   << printable(lines[i].substr(0, kLongestLine)) << "\n";
  }
  if (lines.size() > kMostUnknown)
    terminal.err() << "tongs: --calls: and " << count_of(lines.size() - kMostUnknown, "more line") << "\n";
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
  std::vector<scopes::Source> sources;
  std::vector<std::string> lists;
  if (const auto unread = read_named(named, sources, lists)) {
    terminal.err() << "tongs: --calls: " << printable(unread->first) << ": " << unread->second.message()
                   << "\n";
    return std::nullopt;
  }
  scopes::read_sources(sources, content->apis, content->calls);
  for (const std::string& list : lists) scopes::read_call_list(list, content->apis, content->calls);
  report_unknown(content->calls.unknown, terminal);
  return AppCalls(std::move(content));
}

AppCalls::Comparison AppCalls::compare(const std::string& file, const manifest::Manifest& manifest) const {
  std::vector<std::string> declared;
  for (const auto& scope : manifest.permissions().scopes) declared.push_back(scope.name.value);
  const auto report = scopes::compare_scopes(content_->calls.operations, declared, content_->apis);
  Comparison comparison;
  comparison.ok_ = report.missing.empty() && content_->calls.unknown.empty();
  comparison.human_ = human_of(file, report);
  comparison.json_ = json_of(file, report);
  return comparison;
}

}  // namespace tongs::cli
