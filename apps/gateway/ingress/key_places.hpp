#pragma once
#include <string_view>

#include <tongs/result.hpp>

#include "http/url.hpp"

namespace tongs::gateway {

/// Where the keys of one of Atlassian's clouds are (contract 2.4): `production`, `staging`, `government` or
/// `government-staging`.
std::string_view key_url_of(std::string_view environment) noexcept;

/// `^[a-z0-9_-]{1,50}$` (contract 2.4.4).
bool is_isolated_cloud_label(std::string_view label) noexcept;

/// `pattern` with `label` in place of `{IC_LABEL}`. Errors: invalid_argument (the pattern has no such place,
/// or is no https URL with it filled; not a label).
Result<detail::Url> isolated_cloud_url(std::string_view pattern, std::string_view label);

}  // namespace tongs::gateway
