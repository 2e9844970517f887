#pragma once
#include <optional>
#include <string>

#include <sys/types.h>

namespace tongs::gateway {

/// The user of this machine with that name or number. Nothing: there is no such name, and it is no number.
std::optional<uid_t> uid_of(const std::string& user);

}  // namespace tongs::gateway
