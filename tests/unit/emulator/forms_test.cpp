// The forms of oneOf in all catalogs: do they exclude each other?
#include <functional>
#include <set>
#include <string>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include "emulator/catalog/catalog.hpp"
#include "emulator/schema/synthesize.hpp"
#include "emulator/schema/validate.hpp"

namespace tongs::emulator::testing {
namespace {

using EachChoice = std::function<void(const json::object& choice, Direction direction)>;

/// Every schema with `oneOf` that the bodies or the answers of an API lead to.
class Choices {
 public:
  Choices(ServedApi& api, Direction direction, EachChoice each)
      : api_(api), direction_(direction), each_(std::move(each)) {}

  void walk(const json::value& value) {
    if (const auto* items = value.if_array()) {
      for (const auto& item : *items) walk(item);
    }
    const auto* object = value.if_object();
    if (object != nullptr) walk_object(*object);
  }

 private:
  void walk_object(const json::object& object) {
    if (array_in(object, "oneOf") != nullptr && seen_.insert(json::serialize(object)).second)
      each_(object, direction_);
    for (const auto& [name, member] : object) walk(member);
    const std::string key(text_in(object, "$ref"));
    const json::object* referred =
        key.empty() || !keys_.insert(key).second ? nullptr : api_.contracts.schema(key);
    if (referred != nullptr) walk_object(*referred);
  }

  ServedApi& api_;
  Direction direction_;
  EachChoice each_;
  std::set<std::string> keys_, seen_;
};

void for_each_choice(ServedApi& api, const EachChoice& each) {
  Choices bodies(api, Direction::request, each), answers(api, Direction::answer, each);
  for (std::size_t i = 0; i < api.operations.size(); ++i) {
    const Contract contract = api.contracts.contract(api.operations.name(i));
    if (contract.body != nullptr) bodies.walk(*contract.body);
    if (contract.answer != nullptr) answers.walk(*contract.answer);
  }
}

/// The forms of a choice as texts, such as `A | array`.
std::string name_of(const json::object& choice) {
  std::string name;
  for (const auto& form : *array_in(choice, "oneOf")) {
    const auto& object = form.as_object();
    name +=
        (name.empty() ? "" : " | ") + std::string(text_in(object, object.contains("$ref") ? "$ref" : "type"));
  }
  return name;
}

/// How many forms a value fits that was made for one of them.
std::size_t fitting(const json::object& choice, const json::value& form, Direction direction,
                    const FindSchema& find) {
  const json::value made = synthesize(form.as_object(), direction, find);
  std::size_t fits = 0;
  for (const auto& other : *array_in(choice, "oneOf"))
    fits += validate(other.as_object(), made, direction, find).empty() ? 1 : 0;
  return fits;
}

TEST(Forms, ExcludeEachOtherButForSomeOpenObjects) {
  Catalog catalog;
  std::set<std::string> overlapping;
  std::size_t choices = 0, named = 0;
  for (ServedApi& api : catalog.apis()) {
    const FindSchema find = api.contracts.schemas();
    for_each_choice(api, [&](const json::object& choice, Direction direction) {
      ++choices;
      if (discriminator_of(choice)) {
        ++named;
        return;
      }
      for (const auto& form : *array_in(choice, "oneOf")) {
        const std::size_t fits = fitting(choice, form, direction, find);
        EXPECT_GE(fits, 1U) << json::serialize(choice);
        if (fits > 1) overlapping.insert(name_of(choice));
      }
    });
  }
  EXPECT_EQ(choices, 24U);
  EXPECT_EQ(named, 8U);
  EXPECT_EQ(overlapping, (std::set<std::string>{"BlogPostBodyWrite | BlogPostNestedBodyWrite",
                                                "CommentBodyWrite | CommentNestedBodyWrite",
                                                "CustomContentBodyWrite | CustomContentNestedBodyWrite",
                                                "PageBodyWrite | PageNestedBodyWrite"}));
}

TEST(Forms, AreTheOnesThatTheValueNames) {
  Catalog catalog;
  ServedApi& jira = catalog.api(ApiName::jira_v3);
  const auto problems = [&](const char* text) {
    std::string all;
    const json::object schema{{"$ref", "CustomContextVariable"}};
    for (const Misfit& misfit :
         validate(schema, json::parse(text), Direction::request, jira.contracts.schemas()))
      all += misfit.at + ' ' + misfit.message + ';';
    return all;
  };
  EXPECT_EQ(problems(R"({"type":"user","accountId":"1:a"})"), "");
  EXPECT_EQ(problems(R"({"type":"issue","key":"A-1"})"), "");
  EXPECT_EQ(problems(R"({"type":"user","key":"A-1"})"), "/accountId is required;") << "it fits another form";
  EXPECT_EQ(problems(R"({"type":"usr"})"), R"(/type must be one of issue, json, user;)");
  EXPECT_EQ(problems(R"({"accountId":"1:a"})"), "/type is required;/type is required;");
  EXPECT_EQ(problems(R"({"type":7})"), R"(/type must be a string;/type must be one of issue, json, user;)");
  EXPECT_EQ(problems("[]"), " must be an object;");
}

}  // namespace
}  // namespace tongs::emulator::testing
