// Step 4: nothing waits longer than you say. Every call that can block takes a deadline and a stop token, and
// an Error tells whether trying again makes sense.
#include <cstdlib>
#include <iostream>

#include <tongs/adapter.hpp>
#include <tongs/client.hpp>
#include <tongs/jira/v3/issues.hpp>
#include <tongs/testing/scripted_transport.hpp>

int main() {
  const auto jira = std::make_shared<tongs::testing::ScriptedTransport>();
  jira->answer(429, R"({"errorMessages":["Too many requests"]})", {{"Retry-After", "30"}});

  const auto installation = tongs::InstallationId::parse("0a3a7799-53ae-4a5b-9e7e-03338980abb5").value();
  const auto credentials = std::make_shared<tongs::InstallationCredentials>(installation);
  credentials->offer(tongs::Secret("x-forge-oauth-system-of-the-invocation"));
  const auto adapter = tongs::direct_adapter({.api_base_url = "https://api.atlassian.com/ex/jira/d0d52620",
                                              .transport = jira,
                                              .credentials = credentials})
                           .value();

  const auto in_two_seconds = tongs::CallOptions::within(std::chrono::seconds(2));
  const auto issue =
      tongs::jira::v3::get_issue(as_app(adapter), {.issue_id_or_key = "PROJ-1"}, in_two_seconds);
  if (issue) return EXIT_FAILURE;
  const tongs::Error& error = issue.error();
  std::cout << "code:      " << to_string(error.code()) << "\n"
            << "message:   " << error.describe() << "\n"
            << "transient: " << (error.transient() ? "yes" : "no") << "\n";
  if (const auto wait = error.retry_after())
    std::cout << "wait:      " << wait->count() << " ms, longer than we had\n";
  return error.code() == tongs::Errc::rate_limited ? EXIT_SUCCESS : EXIT_FAILURE;
}
