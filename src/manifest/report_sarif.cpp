// SARIF 2.1.0 (OASIS standard, 27 March 2020), as code scanning services read it.
#include <algorithm>
#include <vector>

#include <tongs/manifest/check.hpp>

#include "json/writer.hpp"

namespace tongs::manifest {

namespace {

constexpr std::string_view kSchema = "https://json.schemastore.org/sarif-2.1.0.json";

/// The path of a file as a URI reference (RFC 3986).
std::string uri_of(std::string_view path) {
  constexpr std::string_view plain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/!$&'()*+,;=@";
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out = path.starts_with('/') ? "file://" : "";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (plain.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out.append("%").append(1, digits[byte >> 4]).append(1, digits[byte & 15]);
    }
  }
  return out;
}

void write_text(JsonWriter& out, std::string_view name, std::string_view text) {
  out.name(name).open_object().name("text").string(text).close_object();
}

void write_rule(JsonWriter& out, const Rule& rule) {
  out.open_object();
  out.name("id").string(rule.id);
  write_text(out, "shortDescription", rule.summary);
  write_text(out, "help", rule.mend);
  out.name("defaultConfiguration").open_object();
  out.name("level").string(to_string(rule.severity)).close_object();
  out.name("properties").open_object();
  out.name("source").string(to_string(rule.source));
  if (!rule.code.empty()) out.name("code").string(rule.code);
  out.close_object().close_object();
}

void write_result(JsonWriter& out, std::string_view uri, const Finding& finding, std::size_t rule) {
  out.open_object();
  out.name("ruleId").string(finding.rule->id);
  out.name("ruleIndex").integer(static_cast<std::int64_t>(rule));
  out.name("level").string(to_string(finding.rule->severity));
  write_text(out, "message", finding.message);
  out.name("locations").open_array().open_object();
  out.name("physicalLocation").open_object();
  out.name("artifactLocation").open_object().name("uri").string(uri).close_object();
  out.name("region").open_object();
  out.name("startLine").integer(finding.at.line).name("startColumn").integer(finding.at.column);
  out.close_object().close_object();
  if (!finding.path.empty()) {
    out.name("logicalLocations").open_array().open_object();
    out.name("fullyQualifiedName").string(finding.path);
    out.close_object().close_array();
  }
  out.close_object().close_array().close_object();
}

std::vector<const Rule*> broken_rules(std::span<const FileReport> files) {
  auto rules = all_rules();
  std::erase_if(rules, [&](const Rule* rule) {
    return std::none_of(files.begin(), files.end(), [&](const FileReport& file) {
      return std::any_of(file.findings.begin(), file.findings.end(),
                         [&](const Finding& finding) { return finding.rule == rule; });
    });
  });
  return rules;
}

}  // namespace

std::string to_sarif(std::span<const FileReport> files, std::string_view version) {
  const auto rules = broken_rules(files);
  JsonWriter out;
  out.open_object();
  out.name("$schema").string(kSchema).name("version").string("2.1.0");
  out.name("runs").open_array().open_object();
  out.name("tool").open_object().name("driver").open_object();
  out.name("name").string("tongs").name("version").string(version);
  out.name("rules").open_array();
  for (const Rule* rule : rules) write_rule(out, *rule);
  out.close_array().close_object().close_object();
  out.name("columnKind").string("unicodeCodePoints");
  out.name("results").open_array();
  for (const FileReport& file : files) {
    const auto uri = uri_of(file.file);
    for (const Finding& finding : file.findings) {
      const auto rule = std::find(rules.begin(), rules.end(), finding.rule) - rules.begin();
      write_result(out, uri, finding, static_cast<std::size_t>(rule));
    }
  }
  out.close_array().close_object().close_array().close_object();
  return std::move(out).text();
}

}  // namespace tongs::manifest
