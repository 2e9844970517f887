#pragma once
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <variant>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "common/graphql/error.hpp"
#include "common/graphql/schema.hpp"

namespace tongs::graphql {

/// What a client posts (GraphQL over HTTP).
struct Request {
  std::string query;
  std::string operation_name;  ///< empty: the only one
  boost::json::object variables;
};

/// A resolver's refusal: the field becomes null, the message stands in `errors`.
struct Refusal {
  std::string message;
  boost::json::object extensions = {};
};

/// Gives the whole value of a field of a root type; the executor takes what was selected.
using Resolver =
    std::function<std::variant<boost::json::value, Refusal>(const boost::json::object& arguments)>;

/// By `Type.field`, such as `Mutation.offlineUserAuthToken`.
using Resolvers = std::map<std::string, Resolver, std::less<>>;

/// Parses, validates and executes one request, and gives the answer's body: `data`, `errors` (spec 7).
/// A request that fails before execution has no `data`.
/// Thread safety: that of the resolvers.
boost::json::object execute(const Schema& schema, const Resolvers& resolvers, const Request& request);

}  // namespace tongs::graphql
