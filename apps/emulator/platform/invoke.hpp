#pragma once
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <tongs/http.hpp>

#include "emulator/platform/world.hpp"

namespace tongs::emulator {

/// What a tester asks for in the place of a user or of a function.
struct InvokeWish {
  std::string installation;  ///< empty: the only active one
  std::string module;        ///< key of a UI module, an endpoint or a scheduled trigger
  std::string remote;        ///< key: a function calls this remote itself (contract 1.1, way C)
  std::string path;
  std::string method;  ///< empty: POST with a body, else GET
  std::string user;    ///< account id; empty: nobody
  std::vector<Header> headers;
  std::optional<json::value> body;
  std::string body_text;  ///< `body` in the tester's own words, which is what the remote gets
  /// Goes into `context.extension` of the FIT.
  std::optional<json::object> extension;
};

/// Queues one invocation: of a UI module, from a function to a remote, or of a scheduled trigger out of its
/// turn. A user whom the site does not know yet is added to it.
std::variant<DeliveryId, Problem> invoke(World& world, const InvokeWish& wish, Moment now);

/// The installation that is meant, or which ones there are to choose from.
std::variant<const Installation*, Problem> choose_installation(const World& world, const std::string& id);

}  // namespace tongs::emulator
