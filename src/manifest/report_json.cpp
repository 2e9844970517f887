// The JSON reports of `tongs manifest`: a fixed outward interface.
#include <tongs/manifest/check.hpp>
#include <tongs/manifest/diff.hpp>
#include <tongs/manifest/residency.hpp>

#include "json/writer.hpp"

namespace tongs::manifest {

namespace {

void write_place(JsonWriter& out, const Position& at) {
  out.name("line").integer(at.line).name("column").integer(at.column);
}

void write_finding(JsonWriter& out, const Finding& finding) {
  out.open_object();
  out.name("rule").string(finding.rule->id);
  out.name("source").string(to_string(finding.rule->source));
  out.name("severity").string(to_string(finding.rule->severity));
  out.name("message").string(finding.message);
  write_place(out, finding.at);
  out.name("path").string(finding.path);
  out.close_object();
}

void write_side(JsonWriter& out, std::string_view name, const std::optional<Position>& at) {
  out.name(name);
  if (!at) {
    out.null();
    return;
  }
  out.open_object();
  write_place(out, *at);
  out.close_object();
}

}  // namespace

std::string to_json(std::span<const FileReport> files) {
  JsonWriter out;
  out.open_object().name("files").open_array();
  for (const FileReport& file : files) {
    out.open_object();
    out.name("file").string(file.file);
    out.name("ok").boolean(file.ok());
    out.name("findings").open_array();
    for (const Finding& finding : file.findings) write_finding(out, finding);
    out.close_array().close_object();
  }
  out.close_array().close_object();
  return std::move(out).text();
}

std::string to_json(std::string_view file, const Residency& residency) {
  JsonWriter out;
  out.open_object();
  out.name("file").string(file);
  out.name("eligible").boolean(residency.eligible);
  out.name("reasons").open_array();
  for (const ResidencyReason& reason : residency.reasons) {
    if (reason.eligible != residency.eligible) continue;
    out.open_object();
    out.name("rule").string(reason.rule);
    out.name("remote");
    if (reason.remote.empty()) {
      out.null();
    } else {
      out.string(reason.remote);
    }
    out.name("message").string(reason.mend.empty() ? reason.message
                                                   : reason.message + ": " + std::string(reason.mend));
    write_place(out, reason.at);
    out.close_object();
  }
  out.close_array().close_object();
  return std::move(out).text();
}

std::string to_json(const Diff& diff) {
  JsonWriter out;
  out.open_object();
  out.name("impact").open_object();
  out.name("current").string(to_string(diff.current));
  out.name("announced").string(to_string(diff.announced));
  out.close_object();
  out.name("changes").open_array();
  for (const Change& change : diff.changes) {
    out.open_object();
    out.name("rule").string(change.rule);
    out.name("remote").string(change.remote);
    out.name("current").string(to_string(change.current));
    out.name("announced").string(to_string(change.announced));
    out.name("message").string(change.message);
    write_side(out, "before", change.before);
    write_side(out, "after", change.after);
    out.close_object();
  }
  out.close_array().close_object();
  return std::move(out).text();
}

}  // namespace tongs::manifest
