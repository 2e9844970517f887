#include "emulator/platform/behaviour.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string_view>

namespace tongs::emulator {

namespace {

/// A choice of two words.
struct Choice {
  std::string_view name;
  std::string_view when_false;
  std::string_view when_true;
  bool Behaviour::* member;
};

constexpr std::array kChoices{
    Choice{"eventBody", "flat", "wrapped", &Behaviour::wrapped_events},
    Choice{"authFrom", "endpoint", "remote", &Behaviour::auth_from_remote},
    Choice{"environmentAri", "short", "long", &Behaviour::long_environment_ari},
    Choice{"functionContext", "absent", "present", &Behaviour::function_context},
    Choice{"pathJoin", "append", "resolve", &Behaviour::resolve_paths},
    Choice{"callerTokens", "strip", "pass", &Behaviour::pass_caller_tokens},
    Choice{"uninstalledEvent", "never", "sent", &Behaviour::uninstalled_event},
    Choice{"authTriggerAnswer", "synchronous", "asynchronous", &Behaviour::auth_trigger_at_once},
};

struct Count {
  std::string_view name;
  std::int64_t least;
  std::int64_t most;
  std::int64_t Behaviour::* member;
};

constexpr std::array kCounts{
    Count{"eventRetries", 0, 100, &Behaviour::event_retries},
    Count{"scheduleRetries", 0, 100, &Behaviour::schedule_retries},
    Count{"offlineRateLimit", 0, 1'000'000, &Behaviour::offline_rate_limit},
};

/// A number of seconds on the outside.
struct Span {
  std::string_view name;
  std::int64_t least;
  Millis Behaviour::* member;
};

constexpr std::int64_t kLongest = 30LL * 24 * 3600;
constexpr std::array kSpans{
    Span{"retryDelaySeconds", 0, &Behaviour::retry_delay},
    Span{"tokenLifeSeconds", 1, &Behaviour::token_life},
    Span{"tokenMinimumSeconds", 0, &Behaviour::token_minimum},
    Span{"offlineTokenSeconds", 1, &Behaviour::offline_token_life},
};

}  // namespace

void read_behaviour(Members& members, Behaviour& behaviour) {
  for (const auto& choice : kChoices) {
    const auto word = members.text(choice.name);
    if (!word) continue;
    if (*word != choice.when_false && *word != choice.when_true) {
      members.refuse(choice.name,
                     "must be " + std::string(choice.when_false) + " or " + std::string(choice.when_true));
    }
    behaviour.*choice.member = *word == choice.when_true;
  }
  for (const auto& count : kCounts) {
    if (const auto number = members.integer(count.name, count.least, count.most))
      behaviour.*count.member = *number;
  }
  for (const auto& span : kSpans) {
    if (const auto number = members.integer(span.name, span.least, kLongest)) {
      behaviour.*span.member = std::chrono::seconds(*number);
    }
  }
}

json::object to_json(const Behaviour& behaviour) {
  json::object all;
  for (const auto& choice : kChoices) {
    all[choice.name] = behaviour.*choice.member ? choice.when_true : choice.when_false;
  }
  for (const auto& count : kCounts) all[count.name] = behaviour.*count.member;
  for (const auto& span : kSpans) {
    all[span.name] = std::chrono::floor<std::chrono::seconds>(behaviour.*span.member).count();
  }
  return all;
}

}  // namespace tongs::emulator
