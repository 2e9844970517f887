#pragma once
#include "emulator/admin/step.hpp"

namespace tongs::emulator {

/// Is it a path of the admin API, `/_emulator` or below?
bool is_admin_path(std::string_view path) noexcept;

/// Answers one request to the admin API (DESIGN section 8): JSON in, JSON out, errors as RFC 9457 problems
/// that name the member and what was probably meant. A request that a foreign web page makes is refused.
AdminStep handle_admin(World& world, const ApiCall& call, Moment now);

}  // namespace tongs::emulator
