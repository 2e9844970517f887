#pragma once
#include <string>
#include <string_view>
#include <variant>

#include "emulator/platform/world.hpp"

namespace tongs::emulator {

/// Where a remote is reached for one installation, or why the emulator does not call it. A remote that is not
/// on this machine is called only where somebody said so: a laptop must not talk to production by accident.
std::variant<std::string, Problem> remote_url(const World& world, const Remote& remote, const Site& site);

/// `base` and a path that may have a query, joined as the behaviour says (contract 1.6.2).
std::variant<std::string, Problem> join_path(std::string_view base, std::string_view path,
                                             const Behaviour& behaviour);

/// Which tokens a call of this endpoint asks for (contract 1.1.1).
TokenWish token_wish(const Endpoint& endpoint, const Remote& remote, const Behaviour& behaviour) noexcept;

}  // namespace tongs::emulator
