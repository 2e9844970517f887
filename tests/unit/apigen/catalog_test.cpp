#include "apigen/catalog.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "apigen/check.hpp"
#include "apigen/shared.hpp"
#include "apigen/update.hpp"

namespace apigen {
namespace {

constexpr const char* kCatalog = R"json({
  "paths": {
    "/thing/{id}": {
      "parameters": [{"in": "path", "name": "id", "required": true, "schema": {"type": "integer"}}],
      "get": {
        "operationId": "Java.getThing_get", "tags": ["Things (all)"],
        "parameters": [{"in": "query", "name": "start-at", "schema": {"type": "array", "items": {"type": "string"}}},
                       {"in": "header", "name": "Authorization", "schema": {"type": "string"}}],
        "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/ThingBean"}}}}},
        "x-atlassian-oauth2-scopes": [{"scopes": ["read:work"]}, {"scopes": ["read:thing:x", "read:a:x"]}, {"scopes": []}]
}
, "post" : {
  "operationId" : "replaceThing",
                  "tags" : ["Things (all)"],
                           "requestBody"
      : {
        "required" : true,
        "content" : {"application/json" : {"schema" : {"$ref" : "#/components/schemas/ThingBean"}}}
      },
        "responses" : {
    "303" : {}
  }
}
}
, "/things" : {
  "get" : {
    "operationId" : "getThings",
                    "tags" : ["Things (all)"],
                             "parameters"
        : [ {"in" : "query", "name" : "startAt", "schema" : {"type" : "integer"}} ],
          "responses" : {
      "200" : {
        "content" : {
          "application/json" : {
            "schema" : {
              "type" : "object", "properties" : {
                "page" : {
                  "type" : "object", "properties" : {
                    "values" : { "type" : "array", "items" : {"$ref" : "#/components/schemas/ThingBean"} }
                  }
                }
              }
            }
          }
        }
      }
    }
  }
}
}
, "components" : {
  "schemas" : {
    "ThingBean" : {
      "type" : "object",
      "properties" : {
        "id" : {"type" : "string", "readOnly" : true},
        "operator" : {"type" : "string", "enum" : [ "AND", "or" ]},
        "parent" : {"allOf" : [ {"$ref" : "#/components/schemas/ThingBean"} ]},
        "either" : {"oneOf" : [ {"type" : "string"}, {"type" : "integer"} ]},
        "labels" : {"$ref" : "#/components/schemas/Labels"}
      }
    },
                  "Labels" : {"type" : "array", "items" : {"type" : "string"}},
                             "Unused" : {
      "type" : "object", "properties" : { "a" : {"type" : "string"} }
    }
  }
}
})json";

Api read(const std::string& hand = R"({"namespace":"a::b","folder":"a/b","product":"jira","prefix":"/p"})",
         const std::string& catalog = kCatalog) {
  const auto document = tongs::JsonDocument::parse(catalog).value();
  return read_catalog("test", document.root(), Hand::parse(hand).value());
}

TEST(Catalog, TellsOperations) {
  const Api api = read();
  ASSERT_EQ(api.operations.size(), 3U);
  const Operation& get = api.operations[0];
  EXPECT_EQ(get.id, "getThing");
  EXPECT_EQ(get.name, "get_thing");
  EXPECT_EQ(get.request, "GetThing");
  EXPECT_EQ(get.path, "/p/thing/{id}");
  ASSERT_EQ(get.parameters.size(), 2U);
  EXPECT_EQ(get.parameters[1].name, "start_at");
  EXPECT_EQ(get.classic, Scopes{{"read:work"}});
  EXPECT_EQ(get.granular, (Scopes{{"read:a:x", "read:thing:x"}}));
  EXPECT_EQ(api.operations[1].answer.kind, Answer::Kind::reply);
  ASSERT_EQ(api.tags.size(), 1U);
  EXPECT_EQ(api.tags[0].file, "things_all");
}

TEST(Catalog, TellsTypesThatAreUsed) {
  const Api api = read();
  const Schema& thing = api.schemas.at("ThingBean");
  EXPECT_EQ(thing.name, "Thing");
  EXPECT_TRUE(thing.in_answers);
  EXPECT_TRUE(thing.in_bodies);
  EXPECT_EQ(thing.members[1].name, "operator_");
  EXPECT_EQ(thing.members[2].type.schema, "ThingBean");
  EXPECT_EQ(thing.members[3].type.kind, Type::Kind::any);
  EXPECT_EQ(thing.members[4].type.kind, Type::Kind::list);
  EXPECT_FALSE(api.schemas.contains("Unused"));
}

TEST(Catalog, TakesAnyTypeWithASchemaForJsonAndWithoutOneForBytes) {
  constexpr const char* catalog = R"json({"paths": {"/a": {"post": {
    "operationId": "post", "tags": ["A"],
    "requestBody": {"content": {"*/*": {"schema": {"$ref": "#/components/schemas/A"}}}},
    "responses": {"200": {"content": {"*/*": {"schema": {"$ref": "#/components/schemas/A"}}}}}},
   "put": {
    "operationId": "put", "tags": ["A"], "requestBody": {"content": {"*/*": {"schema": {}}}},
    "responses": {"200": {"content": {"*/*": {}}}}}}},
   "components": {"schemas": {"A": {"type": "object", "properties": {"a": {"type": "string"}}}}}})json";
  const Api api = read(R"({"namespace":"a::b","folder":"a/b","product":"jira","prefix":"/p"})", catalog);
  ASSERT_EQ(api.operations.size(), 2U);
  EXPECT_EQ(api.operations[0].answer.kind, Answer::Kind::object);
  EXPECT_EQ(api.operations[0].body.kind, Body::Kind::typed);
  EXPECT_EQ(api.operations[1].answer.kind, Answer::Kind::download);
  EXPECT_EQ(api.operations[1].body.kind, Body::Kind::bytes);
}

TEST(Catalog, FindsTheListOfAPage) {
  const Api api = read();
  ASSERT_TRUE(api.operations[2].paging);
  EXPECT_EQ(api.operations[2].paging->items, "page.values");
  EXPECT_EQ(api.operations[2].paging->item_schema, "ThingBean");
  EXPECT_FALSE(api.operations[0].paging);
}

TEST(Catalog, BelievesTheHandTable) {
  const Api api =
      read(R"({"namespace":"a::b","folder":"a/b","product":"jira","operations":{"getThing":"readIt"},
    "answers":{"getThings":"[Unused]"},"idempotent":["replaceThing"],"schemas":{"ThingBean":"Item"},
    "headers":[{"name":"X-A","value":"b","operations":["replaceThing"]}]})");
  EXPECT_EQ(api.operations[0].name, "read_it");
  EXPECT_TRUE(api.operations[1].idempotent);
  EXPECT_EQ(api.operations[1].headers.size(), 1U);
  EXPECT_EQ(api.operations[2].answer.kind, Answer::Kind::list);
  EXPECT_EQ(api.schemas.at("Unused").name, "Unused");
  EXPECT_EQ(api.schemas.at("ThingBean").name, "Item");
}

TEST(SharedTypes, AreThoseWhosePartsAreEqualToo) {
  const Api other = read();
  Api same = read();
  share_types(same, other);
  EXPECT_TRUE(same.schemas.at("ThingBean").shared);
  Api changed = read();
  changed.schemas.at("ThingBean").members.pop_back();
  share_types(changed, other);
  EXPECT_FALSE(changed.schemas.at("ThingBean").shared);
}

TEST(Update, LeavesProseOutAndMembersOfThatName) {
  const auto document = tongs::JsonDocument::parse(
      R"({"info":{"description":"d"},"paths":{"/a":{"get":{"summary":"s","deprecated":false,"tags":["a","b"]}}},)"
      R"("components":{"schemas":{"A":{"properties":{"deprecated":{"nullable":false},"description":)"
      R"({"type":"string","description":"x"}},"required":["a"]}}}})");
  const std::string once = reduced(document->root());
  EXPECT_EQ(once, R"({
 "components":{
  "schemas":{
   "A":{"properties":{"deprecated":{},"description":{"type":"string"}},"required":["a"]}
  }
 },
 "info":{},
 "paths":{
  "/a":{
   "get":{"tags":["a","b"]}
  }
 }
}
)");
  EXPECT_EQ(reduced(tongs::JsonDocument::parse(once)->root()), once);
}

TEST(Update, TellsWhatCallersSee) {
  const Api before = read();
  Api after = before;
  after.operations[0].parameters.pop_back();
  after.operations[0].parameters[0].type.kind = Type::Kind::string;
  after.operations[1].deprecated = true;
  after.operations[1].body = {};
  after.schemas.at("ThingBean").members[0].required = true;
  after.operations.pop_back();
  EXPECT_EQ(changes(before, after),
            "  get_thing id was integer!, is string!\n  - get_thing start-at\n  deprecated replace_thing\n"
            "  replace_thing (body) was object ThingBean!, is none\n- GET /p/things getThings\n"
            "  ThingBean id was string, is string!\n");
  EXPECT_EQ(changes(before, before), "");
}

TEST(Update, KnowsAnotherApi) {
  const Api before = read();
  Api after = before;
  after.operations.pop_back();
  EXPECT_FALSE(is_another_api(before, after));
  after.operations.pop_back();
  EXPECT_TRUE(is_another_api(before, after));
}

std::vector<std::string> problems_of(const std::string& text) {
  return problems(tongs::JsonDocument::parse(text)->root());
}

/// A catalog with one operation, and with that in it.
std::string with(const std::string& members, const std::string& schemas = "{}") {
  return R"({"openapi":"3.0.1","paths":{"/a/{id}":{"get":{)" + members + R"(}}},"components":{"schemas":)" +
         schemas + "}}";
}

TEST(Check, SaysWhyADocumentIsNoCatalog) {
  const std::string sound = R"("operationId":"a","responses":{"200":{}})";
  using Problems = std::vector<std::string>;
  EXPECT_EQ(problems_of(with(sound)), Problems{});
  for (const auto* nothing : {"{}", "[]", "null", "5"}) {
    EXPECT_EQ(problems_of(nothing),
              (Problems{"/: this is no OpenAPI 3 document", "/paths: must be an object with paths"}));
  }
  EXPECT_EQ(problems_of(with(R"("responses":{"200":{}})")),
            Problems{"/paths/~1a~1{id}/get: has no operationId"});
  EXPECT_EQ(problems_of(with(R"("operationId":"a")")),
            Problems{"/paths/~1a~1{id}/get/responses: must be an object with responses"});
  EXPECT_EQ(problems_of(with(sound + R"(,"parameters":"x")")),
            Problems{"/paths/~1a~1{id}/get/parameters: must be an array"});
  EXPECT_EQ(problems_of(with(sound + R"(,"parameters":[{"name":"a","in":"query"},{"name":"b"}])")),
            Problems{"/paths/~1a~1{id}/get/parameters/1/in: must be path, query, header or cookie"});
  EXPECT_EQ(problems_of(with(sound, R"({"A":7})")), Problems{"/components/schemas/A: must be an object"});
  EXPECT_EQ(problems_of(R"({"openapi":"3.0.1","paths":{"/a":{"fetch":{}},"b":5}})"),
            (Problems{"/paths/~1a/fetch: is no method", "/paths/b: a path starts with /",
                      "/paths/b: must be an object"}));
}

TEST(Check, FollowsReferencesToTheirEnds) {
  const std::string sound = R"("operationId":"a","responses":{"200":{}})";
  for (const auto* target : {"#/components/schemas/No", "#/components/schemas/Loop", "other.json#/A", "#", "",
                             "#/components/schemas/Text/type"}) {
    const auto found = problems_of(with(
        sound,
        std::string(
            R"({"Text":{"type":"string"},"Loop":{"$ref":"#/components/schemas/Loop"},"A":{"items":{"$ref":")") +
            target + R"("}}})"));
    EXPECT_NE(std::find(found.begin(), found.end(),
                        std::string("/components/schemas/A/items/$ref: leads nowhere: ") + target),
              found.end())
        << target;
  }
  EXPECT_TRUE(problems_of(with(sound, R"({"A":{"$ref":"#/components/schemas/B"},"B":{"items":{"$ref":)"
                                      R"("#/components/schemas/B"}}})"))
                  .empty());
}

TEST(Check, NamesEntriesOfTheHandTableThatAreOfNoUse) {
  const auto hand = Hand::parse(
      R"({"namespace":"a","prefix":"/p","operations":{"getThing":"a","GET /things":"b","getNone":"c"},)"
      R"("schemas":{"ThingBean":"T","NoBean":"N"},"joined":["getThings.startAt","getThings.none"],)"
      R"("paths":{"/things":"/thingies","/none":"/x"},"idempotent":["none"],)"
      R"("headers":[{"name":"a","value":"b","operations":["@files","gone"]}]})");
  const auto document = tongs::JsonDocument::parse(kCatalog).value();
  const Api api = read(R"({"prefix":"/p"})");
  EXPECT_EQ(stale(hand.value(), document.root(), api),
            (std::vector<std::string>{"operations: getNone", "schemas: NoBean", "paths: /none",
                                      "headers: gone", "idempotent: none", "joined: getThings.none"}));
}

TEST(Catalogs, AreAsTheUpdateWouldWriteThem) {
  const std::string folder = TONGS_CATALOGS;
  for (const std::string name :
       {"jira-v3", "jira-v2", "jira-software", "jira-service-management", "confluence-v1", "confluence-v2"}) {
    const auto content = [&](const std::string& file) {
      std::ifstream stream(folder + file, std::ios::binary);
      return std::string(std::istreambuf_iterator<char>(stream), {});
    };
    const std::string text = content('/' + name + ".json");
    const auto document = tongs::JsonDocument::parse(text).value();
    EXPECT_EQ(problems(document.root()), std::vector<std::string>()) << name;
    EXPECT_TRUE(reduced(document.root()) == text) << name;
    const auto hand = Hand::parse(content("/hand/" + name + ".json"));
    EXPECT_EQ(stale(*hand, document.root(), read_catalog(name, document.root(), *hand)),
              std::vector<std::string>())
        << name;
    EXPECT_TRUE(document["x-source"]) << name;
  }
}

}  // namespace
}  // namespace apigen
