#pragma once
#include <string>
#include <vector>

#include "emulator/api/call.hpp"
#include "emulator/catalog/catalog.hpp"
#include "emulator/schema/validate.hpp"

namespace tongs::emulator {

/// What is wrong with a request.
struct Unfit {
  std::string parameter;  ///< of the query, the path or the head; empty: it is the body
  Misfit misfit;
};

/// Compares a call with what its operation takes: parameters that must be there, their types and known
/// values, and the JSON body with its schema. Unknown parameters are let pass, as the products do.
/// Precondition: the path is that of the operation.
std::vector<Unfit> check_request(ServedApi& api, const Operation& operation, const ApiCall& call,
                                 std::string_view path);

}  // namespace tongs::emulator
