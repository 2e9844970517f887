#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/net/head.hpp"

namespace tongs::gateway::testing {

/// The head of a request, made of literals.
inline net::RequestHead request_of(std::string_view method, std::string_view target,
                                   std::vector<net::Field> fields = {}) {
  net::RequestHead head;
  head.method = method;
  head.target = target;
  head.fields.list = std::move(fields);
  return head;
}

}  // namespace tongs::gateway::testing
