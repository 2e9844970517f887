#include "emulator/products/refusal.hpp"

#include <string>
#include <utility>

namespace tongs::emulator {

namespace {

std::string_view code_of(int status) noexcept {
  switch (status) {
    case 400:
      return "INVALID_REQUEST_PARAMETER";
    case 403:
      return "FORBIDDEN";
    case 404:
      return "NOT_FOUND";
    case 405:
      return "METHOD_NOT_ALLOWED";
    default:
      return "CONFLICT";
  }
}

json::object confluence_problem(int status, std::string_view code, std::string_view title) {
  return {{"status", status}, {"code", code}, {"title", title}, {"detail", nullptr}};
}

HttpResponse service_management_error(int status, std::string_view message) {
  return json_answer(status,
                     {{"errorMessage", message},
                      {"i18nErrorMessage", {{"i18nKey", "sd.error"}, {"parameters", json::array{}}}}});
}

HttpResponse confluence_v1_error(int status, std::string_view message) {
  return json_answer(status, {{"statusCode", status}, {"message", message}});
}

std::string sentence(const Unfit& unfit) {
  if (!unfit.parameter.empty()) return "The parameter " + unfit.parameter + ' ' + unfit.misfit.message + '.';
  if (unfit.misfit.at.empty()) return "The request body does not fit: " + unfit.misfit.message + '.';
  return "The request body does not fit: " + unfit.misfit.at + ' ' + unfit.misfit.message + '.';
}

/// Members of the body are named without the slash in front, which makes a plain name of most.
HttpResponse unfit_at_jira(const std::vector<Unfit>& found) {
  json::array messages;
  json::object errors;
  for (const Unfit& unfit : found) {
    if (unfit.parameter.empty() && !unfit.misfit.at.empty()) {
      errors[unfit.misfit.at.substr(1)] = unfit.misfit.message;
    } else {
      messages.emplace_back(sentence(unfit));
    }
  }
  return json_answer(400, {{"errorMessages", std::move(messages)}, {"errors", std::move(errors)}});
}

}  // namespace

HttpResponse jira_error(int status, std::string_view message) {
  return json_answer(status, {{"errorMessages", json::array{message}}, {"errors", json::object{}}});
}

HttpResponse jira_field_errors(const json::object& errors) {
  return json_answer(400, {{"errorMessages", json::array{}}, {"errors", errors}});
}

HttpResponse confluence_error(int status, std::string_view code, std::string_view title) {
  return json_answer(status, {{"errors", json::array{confluence_problem(status, code, title)}}});
}

HttpResponse refusal(ApiName api, int status, std::string_view message) {
  switch (api) {
    case ApiName::jira_v3:
    case ApiName::jira_v2:
    case ApiName::jira_software:
      return jira_error(status, message);
    case ApiName::jira_service_management:
      return service_management_error(status, message);
    case ApiName::confluence_v1:
      return confluence_v1_error(status, message);
    case ApiName::confluence_v2:
      break;
  }
  return confluence_error(status, code_of(status), message);
}

HttpResponse unfit_refusal(ApiName api, const std::vector<Unfit>& found) {
  if (api == ApiName::jira_v3 || api == ApiName::jira_v2 || api == ApiName::jira_software)
    return unfit_at_jira(found);
  if (api == ApiName::confluence_v2) {
    json::array errors;
    for (const Unfit& unfit : found) errors.push_back(confluence_problem(400, code_of(400), sentence(unfit)));
    return json_answer(400, {{"errors", std::move(errors)}});
  }
  std::string all;
  for (const Unfit& unfit : found) all += (all.empty() ? "" : " ") + sentence(unfit);
  return refusal(api, 400, all);
}

}  // namespace tongs::emulator
