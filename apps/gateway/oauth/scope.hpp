#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace tongs::gateway::oauth {

/// May a client that asked for `wanted` be given a token that has `held` (empty: it is not known what)?
/// Nobody but Atlassian can make a token weaker, so one that has more is fine and is said to have it; one
/// that lacks something is not. An empty wish is content with anything. RFC 6749 3.3.
bool satisfies(const std::optional<std::string>& held, std::string_view wanted);

}  // namespace tongs::gateway::oauth
