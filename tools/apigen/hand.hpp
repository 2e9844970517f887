#pragma once
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <tongs/json.hpp>
#include <tongs/result.hpp>

#include "model.hpp"

namespace apigen {

/// What a catalog does not say, or says wrongly: api/hand/NAME.json, described in api/hand/README.md.
struct Hand {
  std::string space, folder, product, shares, prefix;
  std::map<std::string, std::string> operations;  ///< names by `METHOD /path`, or by operation id
  std::map<std::string, std::string> schemas;     ///< names by key
  std::map<std::string, std::string>
      answers;  ///< by operation id: a schema, `[schema]`, `reply`, `download`, `any`
  std::map<std::string, std::string> bodies;  ///< by operation id: `json`
  std::map<std::string, Paging> paging;       ///< by operation id
  std::map<std::string, std::vector<Shortcut>> shortcuts;
  std::vector<std::pair<std::string, std::pair<std::string, std::string>>>
      headers;  ///< operation id, name, value
  /// Query parameters that a catalog forgot, by operation id: name, and `string`, `integer`, `boolean`, or
  /// `pairs`.
  std::map<std::string, std::vector<std::pair<std::string, std::string>>> parameters;
  std::map<std::string, std::string> paths;  ///< the right ones, by those of the catalog
  std::set<std::string> idempotent;
  std::set<std::string> pairs;  ///< parameters whose elements are pairs of the query: `operationId.parameter`
  std::set<std::string> joined;

  static tongs::Result<Hand> parse(const std::string& text);
};

}  // namespace apigen
