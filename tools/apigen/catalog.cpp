#include "catalog.hpp"

#include <algorithm>
#include <cctype>

#include "names.hpp"
#include "paging.hpp"
#include "types.hpp"

namespace apigen {

using tongs::JsonView;

namespace {

bool is_json(std::string_view media) { return media.starts_with("application/json"); }

/// The member of `content` whose media type is JSON, or any type with a schema: bytes have none.
JsonView json_of(JsonView content) {
  for (auto media = content.begin(); media != content.end(); ++media) {
    if (is_json(media.key())) return *media;
  }
  const JsonView any = content["*/*"];
  return any["schema"].size() > 0 ? any : JsonView();
}

std::string upper(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return std::toupper(c); });
  return out;
}

class Reader {
 public:
  Reader(std::string name, JsonView document, const Hand& hand)
      : document_(document), hand_(hand), types_(document, api_) {
    api_.catalog = std::move(name);
    api_.space = hand.space;
    api_.folder = hand.folder;
    api_.product = hand.product;
    api_.shares = hand.shares;
    api_.shortcuts = hand.shortcuts;
  }

  Api read() && {
    const JsonView paths = document_["paths"];
    for (auto path = paths.begin(); path != paths.end(); ++path) {
      for (auto method = (*path).begin(); method != (*path).end(); ++method) {
        if (method.key() != "parameters") add(std::string(path.key()), upper(method.key()), *path, *method);
      }
    }
    name_schemas(api_, hand_.schemas);
    name_requests();
    std::sort(api_.tags.begin(), api_.tags.end(), [](const Tag& a, const Tag& b) { return a.file < b.file; });
    return std::move(api_);
  }

 private:
  void add(const std::string& written, const std::string& method, JsonView item, JsonView json) {
    const auto corrected = hand_.paths.find(written);
    const std::string& path = corrected == hand_.paths.end() ? written : corrected->second;
    Operation made{
        .id = id_of(json), .name = {}, .request = {}, .method = method, .path = hand_.prefix + path};
    made.name = function_names_.take(snake(name_of(made, path)));
    add_parameters(made, item["parameters"]);
    add_parameters(made, json["parameters"]);
    add_forgotten(made);
    made.body = body_of(made, json);
    made.answer = answer_of(made, json["responses"]);
    made.paging = apigen::paging_of(api_, made, hand_);
    if (made.paging && hand_.paging.contains(made.id)) {
      made.paging->item_schema = schema_by_hand(made.paging->item_schema);
    }
    made.headers = headers_of(made, json);
    add_scopes(made, json);
    made.deprecated = json["deprecated"].boolean().value_or(false);
    made.gone_on = std::string(json["x-changes"]["effective"].string_or({}));
    made.experimental = json["x-experimental"].boolean().value_or(false);
    made.idempotent = hand_.idempotent.contains(made.id);
    mark_used(made);
    tag_of(json["tags"]).operations.push_back(api_.operations.size());
    api_.operations.push_back(std::move(made));
  }

  /// Without the Java class that some have in front, and the word behind.
  static std::string id_of(JsonView json) {
    std::string id(json["operationId"].string_or({}));
    const std::size_t dot = id.find('.');
    if (dot == std::string::npos) return id;
    id.erase(0, dot + 1);
    return id.substr(0, id.rfind('_'));
  }

  std::string name_of(const Operation& operation, const std::string& path) const {
    const auto by_path = hand_.operations.find(operation.method + " " + path);
    if (by_path != hand_.operations.end()) return by_path->second;
    const auto by_id = hand_.operations.find(operation.id);
    return by_id == hand_.operations.end() ? operation.id : by_id->second;
  }

  void add_parameters(Operation& operation, JsonView parameters) {
    UniqueNames names({"body", "files", "content", "content_type"});
    for (const Parameter& parameter : operation.parameters) names.take(parameter.name);
    for (JsonView parameter : parameters) {
      parameter = types_.resolve(parameter);
      const std::string_view in = parameter["in"].string_or({});
      const std::string wire(parameter["name"].string_or({}));
      if (wire == "Authorization") continue;  // the adapter's
      Parameter made{.wire = wire, .name = names.take(snake(wire))};
      made.in = in == "path"    ? Parameter::In::path
                : in == "query" ? Parameter::In::query
                                : Parameter::In::header;
      made.type = types_.of(parameter["schema"], pascal(operation.id) + pascal(wire));
      made.required = parameter["required"].boolean().value_or(false);
      made.joined =
          parameter["explode"].boolean() == false || hand_.joined.contains(operation.id + "." + wire);
      made.pairs = hand_.pairs.contains(operation.id + "." + wire);
      // An operation's own parameter replaces the one of its path.
      const auto same = std::find_if(
          operation.parameters.begin(), operation.parameters.end(),
          [&](const Parameter& other) { return other.in == made.in && other.wire == made.wire; });
      if (same == operation.parameters.end()) {
        operation.parameters.push_back(std::move(made));
      } else {
        made.name = same->name;
        *same = std::move(made);
      }
    }
  }

  void add_forgotten(Operation& operation) const {
    const auto forgotten = hand_.parameters.find(operation.id);
    if (forgotten == hand_.parameters.end()) return;
    for (const auto& [wire, type] : forgotten->second) {
      Parameter made{.wire = wire, .name = snake(wire)};
      made.pairs = type == "pairs";
      made.type.kind = type == "integer"   ? Type::Kind::integer
                       : type == "boolean" ? Type::Kind::boolean
                                           : Type::Kind::string;
      operation.parameters.push_back(std::move(made));
    }
  }

  Body body_of(const Operation& operation, JsonView json) {
    const JsonView request = types_.resolve(json["requestBody"]);
    if (!request) return {};
    const JsonView content = request["content"];
    Body body{.kind = Body::Kind::json, .required = request["required"].boolean().value_or(false)};
    if (hand_.bodies.contains(operation.id)) return body;
    if (const JsonView media = json_of(content)) {
      const Type type = types_.of(media["schema"], pascal(operation.id) + "Body");
      if (type.kind == Type::Kind::object) {
        body.kind = Body::Kind::typed;
        body.schema = type.schema;
      }
    } else if (content["application/json-patch+json"]) {
      body.kind = Body::Kind::patch;
    } else if (const JsonView form = content["multipart/form-data"]) {
      body.kind = Body::Kind::files;
      for (auto field = form["schema"]["properties"].begin(); field != form["schema"]["properties"].end();
           ++field) {
        if (field.key() != "file") body.fields.emplace_back(field.key());
      }
    } else if (content["*/*"]) {
      body.kind = Body::Kind::bytes;
    }
    return body;
  }

  Answer answer_of(const Operation& operation, JsonView responses) {
    if (const auto by_hand = hand_.answers.find(operation.id); by_hand != hand_.answers.end()) {
      return answer_by_hand(by_hand->second);
    }
    std::vector<Answer> found;
    bool redirects = false;
    bool is_partial = false;
    for (auto response = responses.begin(); response != responses.end(); ++response) {
      const std::string_view status = response.key();
      redirects = redirects || status == "302" || status == "303";
      is_partial = is_partial || status == "207";
      if (status.starts_with('2') && status != "204")
        found.push_back(answer_from(operation, types_.resolve(*response)));
    }
    if (redirects || is_partial) return {.kind = Answer::Kind::reply};
    if (found.empty()) return {};
    const auto with_value = std::find_if(found.begin(), found.end(),
                                         [](const Answer& a) { return a.kind != Answer::Kind::nothing; });
    return with_value == found.end() ? found.front() : *with_value;
  }

  Answer answer_from(const Operation& operation, JsonView response) {
    const JsonView media = json_of(response["content"]);
    if (!media)
      return {.kind = response["content"].size() > 0 ? Answer::Kind::download : Answer::Kind::nothing};
    return answer_of_type(types_.of(media["schema"], pascal(operation.id) + "Answer"));
  }

  static Answer answer_of_type(const Type& type) {
    if (type.kind == Type::Kind::object) return {.kind = Answer::Kind::object, .schema = type.schema};
    if (type.kind == Type::Kind::list && type.element->kind == Type::Kind::object) {
      return {.kind = Answer::Kind::list, .schema = type.element->schema};
    }
    return {.kind = Answer::Kind::any};
  }

  Answer answer_by_hand(const std::string& word) {
    if (word == "reply") return {.kind = Answer::Kind::reply};
    if (word == "download") return {.kind = Answer::Kind::download};
    if (word == "any") return {.kind = Answer::Kind::any};
    const bool list = word.starts_with('[');
    return {.kind = list ? Answer::Kind::list : Answer::Kind::object,
            .schema = schema_by_hand(list ? word.substr(1, word.size() - 2) : word)};
  }

  /// A type of the catalog that perhaps nothing else refers to.
  std::string schema_by_hand(const std::string& key) {
    return key.empty() ? key : types_.of_reference("#/components/schemas/" + key).schema;
  }

  std::vector<std::pair<std::string, std::string>> headers_of(const Operation& operation,
                                                              JsonView json) const {
    std::vector<std::pair<std::string, std::string>> all;
    for (const auto& [rule, header] : hand_.headers) {
      const bool applies = rule == operation.id ||
                           (rule == "@experimental" && json["x-experimental"].boolean().value_or(false)) ||
                           (rule == "@files" && operation.body.kind == Body::Kind::files) ||
                           (rule == "@bytes" && operation.body.kind == Body::Kind::bytes);
      if (applies) all.push_back(header);
    }
    return all;
  }

  static void add_scopes(Operation& operation, JsonView json) {
    const auto add = [&](JsonView list) {
      std::vector<std::string> scopes;
      for (const JsonView scope : list) scopes.emplace_back(scope.string_or({}));
      if (scopes.empty()) return;
      std::sort(scopes.begin(), scopes.end());
      const bool granular = std::all_of(scopes.begin(), scopes.end(), [](const std::string& scope) {
        return std::count(scope.begin(), scope.end(), ':') == 2;
      });
      Scopes& target = granular ? operation.granular : operation.classic;
      if (std::find(target.begin(), target.end(), scopes) == target.end())
        target.push_back(std::move(scopes));
    };
    for (const JsonView alternative : json["x-atlassian-oauth2-scopes"]) add(alternative["scopes"]);
    if (json["x-atlassian-oauth2-scopes"]) return;
    for (const JsonView alternative : json["security"]) {
      for (auto scheme = alternative.begin(); scheme != alternative.end(); ++scheme) add(*scheme);
    }
  }

  void mark_used(const Operation& operation) {
    const auto use = [&](const std::string& schema, bool Schema::* how) {
      if (!schema.empty()) mark(api_, {.kind = Type::Kind::object, .schema = schema}, how);
    };
    use(operation.answer.schema, &Schema::in_answers);
    use(operation.body.schema, &Schema::in_bodies);
    if (operation.paging) use(operation.paging->item_schema, &Schema::in_answers);
  }

  Tag& tag_of(JsonView tags) {
    const std::string title(tags.size() > 0 ? (*tags.begin()).string_or({}) : "Other");
    const auto known =
        std::find_if(api_.tags.begin(), api_.tags.end(), [&](const Tag& tag) { return tag.title == title; });
    if (known != api_.tags.end()) return *known;
    return api_.tags.emplace_back(Tag{title, files_.take(snake(title)), {}});
  }

  void name_requests() {
    std::set<std::string> taken;
    for (const auto& [key, schema] : api_.schemas) {
      if (!schema.name.empty()) taken.insert(schema.name);
    }
    UniqueNames names(taken);
    for (Operation& operation : api_.operations) {
      const std::string plain = pascal(operation.name);
      std::string free = plain;
      for (const std::string_view ending : {"Request", "Call"}) {
        if (names.has(free)) free = plain + std::string(ending);
      }
      operation.request = names.take(free);
    }
  }

  JsonView document_;
  const Hand& hand_;
  Api api_ = {};
  Types types_;
  UniqueNames function_names_;
  UniqueNames files_{{"models", "inputs", "operations"}};
};

}  // namespace

Api read_catalog(std::string name, JsonView document, const Hand& hand) {
  return Reader(std::move(name), document, hand).read();
}

}  // namespace apigen
