#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>

#include "common/graphql/execution.hpp"
#include "common/graphql/parser.hpp"
#include "common/graphql/schema.hpp"

using namespace tongs::graphql;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

const Schema& schema() {
  static const Schema made(
      {.query = "Query", .mutation = "Query"},
      {object_type("Query", {field("node", "Node!", {input("input", "Input!"), input("ids", "[ID!]")}),
                             field("nodes", "[Node!]")}),
       object_type("Node", {field("id", "ID!"), field("size", "Int"), field("next", "Node")}),
       input_type("Input", {input("name", "String!"), input("size", "Int"), input("inner", "Input")})});
  return made;
}

/// The deepest value that anybody can select from.
boost::json::value node(int depth) {
  return {{"id", "1"}, {"size", 2}, {"next", depth == 0 ? boost::json::value(nullptr) : node(depth - 1)}};
}

}  // namespace

/// Every text is a document or an error with a place inside of it; every document has an answer with data or
/// errors.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto parsed = parse(text);
  if (const auto* error = std::get_if<SyntaxError>(&parsed)) {
    require(!error->message.empty() && error->at.line >= 1 && error->at.column >= 1);
    require(error->at.line <= size + 1);
  }
  const Resolvers resolvers{
      {"Query.node",
       [](const boost::json::object& arguments) -> std::variant<boost::json::value, Refusal> {
         require(arguments.at("input").as_object().at("name").is_string());
         return node(70);
       }},
      {"Query.nodes", [](const boost::json::object&) -> std::variant<boost::json::value, Refusal> {
         return Refusal{"no", {}};
       }}};
  const auto answer = execute(schema(), resolvers, {std::string(text), {}, {{"v", {{"name", "n"}}}}});
  require(answer.contains("data") || !answer.at("errors").as_array().empty());
  return 0;
}
