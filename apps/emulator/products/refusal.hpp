#pragma once
#include <string_view>
#include <vector>

#include "emulator/catalog/check_request.hpp"

namespace tongs::emulator {

/// An error in the form of that API (contract 7.5).
HttpResponse refusal(ApiName api, int status, std::string_view message);
/// 400 for a request that does not fit: `errors` by member at Jira, one error for each at Confluence v2, and
/// sentences elsewhere.
HttpResponse unfit_refusal(ApiName api, const std::vector<Unfit>& found);

/// Jira's error body.
HttpResponse jira_error(int status, std::string_view message);
HttpResponse jira_field_errors(const json::object& errors);
/// The error body of Confluence's v2 API.
HttpResponse confluence_error(int status, std::string_view code, std::string_view title);

}  // namespace tongs::emulator
