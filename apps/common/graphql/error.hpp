#pragma once
#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "common/graphql/ast.hpp"

namespace tongs::graphql {

/// One entry of `errors` in an answer (spec 7.1.2). May repeat names out of the request: it is for the one
/// who sent it, not for a log.
struct RequestError {
  std::string message;
  std::vector<Location> locations;
  std::vector<std::string> path = {};  ///< response names; empty: the error concerns no single field
  boost::json::object extensions = {};
};

boost::json::object to_json(const RequestError& error);

}  // namespace tongs::graphql
