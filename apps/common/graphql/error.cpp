#include "common/graphql/error.hpp"

#include <boost/json/array.hpp>

namespace tongs::graphql {

namespace json = boost::json;

json::object to_json(const RequestError& error) {
  json::object entry{{"message", error.message}};
  if (!error.locations.empty()) {
    json::array locations;
    for (const auto& at : error.locations) {
      locations.push_back(json::object{{"line", at.line}, {"column", at.column}});
    }
    entry["locations"] = std::move(locations);
  }
  if (!error.path.empty()) entry["path"] = json::array(error.path.begin(), error.path.end());
  if (!error.extensions.empty()) entry["extensions"] = error.extensions;
  return entry;
}

}  // namespace tongs::graphql
