#include <algorithm>
#include <map>
#include <set>

#include "contracts.hpp"

namespace apigen {

using tongs::JsonView;

namespace {

constexpr std::string_view kSchemas = "#/components/schemas/";

/// What neither a value is made of nor refused for. Patterns are in the dialect of another language.
bool is_left_out(std::string_view keyword) {
  static const std::set<std::string_view> keywords = {"title", "default", "deprecated", "pattern",
                                                      "style", "explode", "uniqueItems"};
  return keywords.contains(keyword) || keyword.starts_with("x-");
}

/// A discriminator with keys of schemas in place of references.
std::string brief_discriminator(JsonView discriminator) {
  std::vector<std::string> forms;
  const JsonView mapping = discriminator["mapping"];
  for (auto form = mapping.begin(); form != mapping.end(); ++form)
    forms.push_back(tongs::json_quote(form.key()) + ":" +
                    tongs::json_quote((*form).string_or({}).substr(kSchemas.size())));
  return "{\"propertyName\":" + discriminator["propertyName"].text() + ",\"mapping\":{" + joined(forms, ",") +
         "}}";
}

/// A schema in few words: a reference is the key alone.
std::string brief(JsonView schema, bool names_are_data = false) {
  const bool object = schema.kind() == JsonView::Kind::object;
  if (!object && schema.kind() != JsonView::Kind::array) return schema.text();
  std::vector<std::string> parts;
  for (auto part = schema.begin(); part != schema.end(); ++part) {
    const std::string_view keyword = part.key();
    if (!object) {
      parts.push_back(brief(*part));
    } else if (!names_are_data && keyword == "$ref") {
      parts.push_back("\"$ref\":" + tongs::json_quote((*part).string_or({}).substr(kSchemas.size())));
    } else if (names_are_data || !is_left_out(keyword)) {
      parts.push_back(tongs::json_quote(keyword) + ":" +
                      (!names_are_data && keyword == "discriminator"
                           ? brief_discriminator(*part)
                           : brief(*part, !names_are_data && keyword == "properties")));
    }
  }
  return (object ? "{" : "[") + joined(parts, ",") + (object ? "}" : "]");
}

/// Describes the operations of one catalog.
class Contracts {
 public:
  Contracts(const Hand& hand, JsonView document) : hand_(hand), document_(document) {}

  /// `common`: the parameters of its path.
  std::string of(const Operation& operation, JsonView json, JsonView common) const {
    std::string body;
    if (operation.body.kind == Body::Kind::typed || operation.body.kind == Body::Kind::json)
      body = schema_in(resolved(json["requestBody"])["content"]);
    const auto [status, content] = success_of(json["responses"]);
    std::string answer = status == "204" ? std::string() : schema_in(content);
    const auto word = hand_.answers.find(operation.id);
    if (word != hand_.answers.end()) answer = by_hand(word->second, answer);
    if (operation.answer.kind == Answer::Kind::download) answer.clear();
    return "{\"status\":" + std::string(status) + (answer.empty() ? "" : ",\"answer\":" + answer) +
           (body.empty() ? "" : ",\"body\":" + body) + bounds_of(common, json["parameters"]) + "}";
  }

 private:
  /// The schemas of those parameters whose values have to be more than of their type.
  std::string bounds_of(JsonView common, JsonView own) const {
    std::map<std::string, std::string> bounds;
    for (const JsonView list : {common, own}) {
      for (const JsonView each : list) {
        const JsonView parameter = resolved(each);
        const JsonView schema = parameter["schema"];
        const std::string name(parameter["name"].string_or({}));
        if (is_bounded(schema) || is_bounded(schema["items"])) bounds[name] = brief(schema);
      }
    }
    std::vector<std::string> members;
    for (const auto& [name, schema] : bounds) members.push_back(tongs::json_quote(name) + ":" + schema);
    return members.empty() ? "" : ",\"parameters\":{" + joined(members, ",") + "}";
  }

  static bool is_bounded(JsonView schema) {
    for (const auto* keyword : {"minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"}) {
      if (schema[keyword]) return true;
    }
    return schema["format"].string() == "int32";
  }

  JsonView resolved(JsonView json) const {
    const auto reference = json["$ref"].string();
    if (!reference) return json;
    JsonView found = document_;
    for (std::string_view path = reference->substr(2); !path.empty();) {
      const std::size_t end = std::min(path.find('/'), path.size());
      found = found[path.substr(0, end)];
      path.remove_prefix(std::min(end + 1, path.size()));
    }
    return found;
  }

  /// Of JSON, however it is called.
  static std::string schema_in(JsonView content) {
    for (auto media = content.begin(); media != content.end(); ++media) {
      if (!media.key().starts_with("application/json") && media.key() != "*/*") continue;
      const JsonView schema = (*media)["schema"];
      return schema ? brief(schema) : "{}";
    }
    return {};
  }

  struct Success {
    std::string_view status;
    JsonView content;
  };

  /// The first success with something in it, else the first success, else where it leads to.
  Success success_of(JsonView responses) const {
    std::vector<Success> found;
    for (const char first : {'2', '3'}) {
      for (auto response = responses.begin(); response != responses.end(); ++response) {
        if (response.key().starts_with(first))
          found.push_back({response.key(), resolved(*response)["content"]});
      }
    }
    const auto full = std::find_if(found.begin(), found.end(), [](const Success& success) {
      return success.status[0] == '2' && success.status != "204" && success.content.size() > 0;
    });
    if (full != found.end()) return *full;
    return found.empty() ? Success{"200", {}} : found.front();
  }

  static std::string by_hand(const std::string& word, const std::string& stated) {
    if (word == "reply" || word == "download") return stated;
    if (word == "any") return "{}";
    const bool list = word.starts_with('[');
    const std::string key = list ? word.substr(1, word.size() - 2) : word;
    const std::string one = key.empty() ? "{}" : "{\"$ref\":" + tongs::json_quote(key) + "}";
    return list ? R"({"type":"array","items":)" + one + "}" : one;
  }

  const Hand& hand_;
  JsonView document_;
};

void add_line(std::string& text, const std::string& line, const std::string& shared) {
  if (shared.find('\n' + line) == std::string::npos) text += line;
}

}  // namespace

std::string emit_contracts(const Api& api, const Hand& hand, JsonView document, const std::string& shared,
                           Files& files) {
  const Contracts contracts(hand, document);
  std::string text = "\n";
  std::size_t index = 0;
  const JsonView paths = document["paths"];
  for (auto path = paths.begin(); path != paths.end(); ++path) {
    for (auto method = (*path).begin(); method != (*path).end(); ++method) {
      if (method.key() == "parameters") continue;
      const Operation& operation = api.operations[index++];
      add_line(text,
               "O " + kebab(operation.name) + '\t' + contracts.of(operation, *method, (*path)["parameters"]) +
                   '\n',
               shared);
    }
  }
  const JsonView schemas = document["components"]["schemas"];
  for (auto schema = schemas.begin(); schema != schemas.end(); ++schema) {
    // A class of the server's JSON library, described with its methods: it stands for any value.
    const bool any = schema.key() == "JsonNode";
    add_line(text, "S " + std::string(schema.key()) + '\t' + (any ? "{}" : brief(*schema)) + '\n', shared);
  }
  std::string name = api.folder;
  std::replace(name.begin(), name.end(), '/', '_');
  files["contracts/" + name + ".cpp"] =
      "#include \"emulator/catalog/contract_texts.hpp\"\n\n"
      "#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n\n"
      "namespace tongs::emulator {\n\nstd::string_view contracts_of_" +
      name + "() noexcept {\n  return R\"contracts(" + text +
      ")contracts\";\n}\n\n}  // namespace tongs::emulator\n";
  return text;
}

}  // namespace apigen
