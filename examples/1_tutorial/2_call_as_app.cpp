// Step 2: call Jira as the app. Every verified invocation may bring a system token; the credentials keep the
// one that lives longest, and the adapter asks them at each call, so both can live as long as the process.
#include <cstdlib>
#include <iostream>

#include <tongs/adapter.hpp>
#include <tongs/client.hpp>
#include <tongs/installation.hpp>
#include <tongs/jira/v3/issues.hpp>
#include <tongs/testing/scripted_transport.hpp>

int main() {
  const auto jira = std::make_shared<tongs::testing::ScriptedTransport>();  // in production: CurlTransport
  jira->answer(200, R"({"key":"PROJ-1","fields":{"summary":"Heat the forge"}})");

  const auto installation = tongs::InstallationId::parse("0a3a7799-53ae-4a5b-9e7e-03338980abb5").value();
  const auto credentials = std::make_shared<tongs::InstallationCredentials>(installation);
  credentials->offer(tongs::Secret("x-forge-oauth-system-of-the-invocation"));

  const auto adapter = tongs::direct_adapter({.product = tongs::Product::jira,
                                              .api_base_url = "https://api.atlassian.com/ex/jira/d0d52620",
                                              .transport = jira,
                                              .credentials = credentials})
                           .value();
  const auto issue = tongs::jira::v3::get_issue(as_app(adapter), {.issue_id_or_key = "PROJ-1"});
  if (!issue) {
    std::cerr << issue.error().describe() << "\n";
    return EXIT_FAILURE;
  }
  std::cout << issue->key().value_or("") << ": " << issue->json().at("fields", "summary").string_or("")
            << "\n";
  return EXIT_SUCCESS;
}
