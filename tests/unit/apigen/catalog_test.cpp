#include "apigen/catalog.hpp"

#include <gtest/gtest.h>

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
      R"({"info":{"description":"d"},"properties":{"description":{"type":"string","description":"x"}}})");
  EXPECT_EQ(
      reduced(document->root()),
      "{\n \"info\": {},\n \"properties\": {\n  \"description\": {\n   \"type\": \"string\"\n  }\n }\n}\n");
}

TEST(Update, TellsWhatCallersSee) {
  const Api before = read();
  Api after = before;
  after.operations[0].parameters.pop_back();
  after.operations[1].deprecated = true;
  after.operations.pop_back();
  EXPECT_EQ(changes(before, after),
            "  - get_thing start-at\n  deprecated replace_thing\n- GET /p/things getThings\n");
  EXPECT_EQ(changes(before, before), "");
}

}  // namespace
}  // namespace apigen
