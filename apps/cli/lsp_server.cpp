#include "cli/lsp_server.hpp"

#include "json/writer.hpp"

namespace tongs::cli::lsp {

namespace {

constexpr int kMethodNotFound = -32601;
constexpr int kParseError = -32700;
constexpr int kSeverityError = 1;
constexpr int kSeverityWarning = 2;

constexpr std::string_view kCapabilities =
    R"({"capabilities":{"textDocumentSync":{"openClose":true,"change":1},"hoverProvider":true,)"
    R"("completionProvider":{"triggerCharacters":[" ",":"]}},"serverInfo":{"name":"tongs"}})";

Place place_in(JsonView position) {
  const auto number = [&](std::string_view name) {
    return static_cast<std::uint32_t>(std::max<std::int64_t>(position[name].integer().value_or(0), 0));
  };
  return {number("line"), number("character")};
}

void write_place(JsonWriter& out, std::string_view name, const Place& place) {
  out.name(name).open_object();
  out.name("line").integer(place.line).name("character").integer(place.character);
  out.close_object();
}

void write_diagnostic(JsonWriter& out, const Diagnostic& diagnostic) {
  const auto& rule = *diagnostic.finding.rule;
  out.open_object();
  out.name("range").open_object();
  write_place(out, "start", diagnostic.begin);
  write_place(out, "end", diagnostic.end);
  out.close_object();
  out.name("severity")
      .integer(rule.severity == manifest::Severity::error ? kSeverityError : kSeverityWarning);
  out.name("code").string(rule.id);
  out.name("source").string("tongs");
  out.name("message").string(diagnostic.finding.message);
  out.close_object();
}

std::string failure(std::string_view id, int code, std::string_view message) {
  JsonWriter out;
  out.open_object().name("jsonrpc").string("2.0").name("id").raw(id);
  out.name("error").open_object().name("code").integer(code).name("message").string(message).close_object();
  out.close_object();
  return std::move(out).text();
}

std::string hover_result(const std::string& text) {
  if (text.empty()) return "null";
  JsonWriter out;
  out.open_object().name("contents").open_object();
  out.name("kind").string("markdown").name("value").string(text);
  out.close_object().close_object();
  return std::move(out).text();
}

std::string completion_result(const std::vector<Completion>& completions) {
  constexpr int kind_value = 12;
  constexpr int kind_property = 10;
  JsonWriter out;
  out.open_array();
  for (const Completion& each : completions) {
    out.open_object().name("label").string(each.label);
    out.name("kind").integer(each.label.ends_with(": ") ? kind_property : kind_value);
    out.name("detail").string(each.detail).close_object();
  }
  out.close_array();
  return std::move(out).text();
}

}  // namespace

std::vector<std::string> Server::handle(std::string_view message) {
  const auto read = JsonDocument::parse(message);
  if (!read) return {failure("null", kParseError, "the message is no JSON")};
  const auto method = (*read)["method"].string();
  const JsonView id = (*read)["id"];
  if (!method) return {};
  if (!id) return note(*method, (*read)["params"]);
  const std::string result = answer(*method, (*read)["params"]);
  if (result.empty()) return {failure(id.text(), kMethodNotFound, "this server does not do that")};
  JsonWriter out;
  out.open_object()
      .name("jsonrpc")
      .string("2.0")
      .name("id")
      .raw(id.text())
      .name("result")
      .raw(result)
      .close_object();
  return {std::move(out).text()};
}

/// The result as JSON; empty for a method that is not known.
std::string Server::answer(std::string_view method, JsonView parameters) {
  if (method == "initialize") return std::string(kCapabilities);
  if (method == "shutdown") {
    shut_down_ = true;
    return "null";
  }
  const Document* open = document(parameters);
  const Place place = place_in(parameters["position"]);
  if (method == "textDocument/hover") return hover_result(open == nullptr ? "" : open->hover(place));
  if (method == "textDocument/completion") {
    return completion_result(open == nullptr ? std::vector<Completion>() : open->complete(place));
  }
  return {};
}

std::vector<std::string> Server::note(std::string_view method, JsonView parameters) {
  const std::string uri(parameters.at("textDocument", "uri").string_or(""));
  if (method == "exit") ended_ = true;
  if (method == "textDocument/didOpen") {
    documents_.insert_or_assign(uri,
                                Document(std::string(parameters.at("textDocument", "text").string_or(""))));
    return publish(uri);
  }
  if (method == "textDocument/didChange") {
    for (const JsonView change : parameters["contentChanges"]) {
      if (const auto text = change["text"].string())
        documents_.insert_or_assign(uri, Document(std::string(*text)));
    }
    return publish(uri);
  }
  if (method == "textDocument/didClose") {
    documents_.erase(uri);
    return publish(uri);
  }
  return {};
}

const Document* Server::document(JsonView parameters) const {
  const auto found = documents_.find(std::string(parameters.at("textDocument", "uri").string_or("")));
  return found == documents_.end() ? nullptr : &found->second;
}

/// Of a document that is closed: that there is nothing more to say.
std::vector<std::string> Server::publish(const std::string& uri) const {
  JsonWriter out;
  out.open_object().name("jsonrpc").string("2.0").name("method").string("textDocument/publishDiagnostics");
  out.name("params").open_object().name("uri").string(uri).name("diagnostics").open_array();
  if (const auto open = documents_.find(uri); open != documents_.end()) {
    for (const Diagnostic& each : open->second.diagnostics()) write_diagnostic(out, each);
  }
  out.close_array().close_object().close_object();
  return {std::move(out).text()};
}

}  // namespace tongs::cli::lsp
