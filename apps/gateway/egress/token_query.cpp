#include "gateway/egress/token_query.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "common/graphql/execution.hpp"

namespace tongs::gateway {

namespace {

namespace json = boost::json;

/// The seed's clients declare the account as a `String!`, others as what it is.
const graphql::Schema& schema() {
  static const graphql::Schema* const instance = new graphql::Schema(
      {.query = "Query", .mutation = ""},
      {graphql::object_type("Query", {graphql::field("offlineUserAuthToken", "OfflineUserToken",
                                                     {graphql::input("userID", "ID!")})}),
       graphql::object_type("OfflineUserToken",
                            {graphql::field("accessToken", "String!"), graphql::field("expiry", "Float!")})},
      graphql::IdVariables::ids_and_strings);
  return *instance;
}

constexpr std::string_view kField = "Query.offlineUserAuthToken";

Result<graphql::Request> read(std::string_view body) {
  boost::system::error_code failed;
  json::value parsed = json::parse(json::string_view(body.data(), body.size()), failed);
  if (failed || !parsed.is_object()) return Error(Errc::invalid_argument, "the body is not a JSON object");
  const json::object& members = parsed.as_object();
  const auto* query = members.if_contains("query");
  if (query == nullptr || !query->is_string())
    return Error(Errc::invalid_argument, "the body has no \"query\"");
  graphql::Request request{.query = std::string(query->as_string()), .operation_name = {}, .variables = {}};
  if (const auto* name = members.if_contains("operationName"); name != nullptr && name->is_string()) {
    request.operation_name = name->as_string();
  }
  if (const auto* variables = members.if_contains("variables");
      variables != nullptr && variables->is_object()) {
    request.variables = variables->as_object();
  }
  return request;
}

std::string_view user_id(const json::object& arguments) {
  const json::string& id = arguments.at("userID").as_string();
  return {id.data(), id.size()};
}

graphql::Refusal refuse(const Error& error) {
  return {.message = std::string(error.message()),
          .extensions = {{"code", std::string(to_string(error.code()))}}};
}

}  // namespace

Result<TokenQuery> TokenQuery::parse(std::string_view body) {
  auto request = read(body);
  if (!request) return std::move(request).error();
  TokenQuery query;
  query.body_ = body;
  const graphql::Resolvers note = {
      {std::string(kField),
       [&](const json::object& arguments) -> std::variant<json::value, graphql::Refusal> {
         if (auto account = AccountId::parse(user_id(arguments)))
           query.accounts_.push_back(*std::move(account));
         return json::value(nullptr);
       }}};
  (void)graphql::execute(schema(), note, *request);  // errors of the query come again in `answer`
  return query;
}

net::Response TokenQuery::answer(const std::map<AccountId, Result<AccessToken>>& tokens) const {
  const graphql::Resolvers resolve = {
      {std::string(kField),
       [&](const json::object& arguments) -> std::variant<json::value, graphql::Refusal> {
         auto account = AccountId::parse(user_id(arguments));
         if (!account) return refuse(account.error());
         const auto found = tokens.find(*account);
         if (found == tokens.end()) return refuse(Error(Errc::internal, "the token was not fetched"));
         if (!found->second) return refuse(found->second.error());
         const AccessToken& token = *found->second;
         return json::value{{"accessToken", token.reveal()},
                            {"expiry", token.expires_at().time_since_epoch().count()}};
       }}};
  auto request = read(body_);
  return net::Response::json(200, json::serialize(graphql::execute(schema(), resolve, *request)));
}

}  // namespace tongs::gateway
