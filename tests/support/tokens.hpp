#pragma once
#include <chrono>
#include <string_view>

#include <tongs/clock.hpp>
#include <tongs/ids.hpp>
#include <tongs/secret.hpp>
#include <tongs/token.hpp>

namespace tongs::testing {

inline AccountId account_id(std::string_view text = "655362:ada") { return *AccountId::parse(text); }
inline InstallationId installation_id(std::string_view text = "4e874af6-799e-4236-b172-23e57f9e549e") {
  return *InstallationId::parse(text);
}

inline FetchedToken with_life(std::string_view token, std::chrono::seconds life) {
  return {.token = Secret(token), .life = life};
}
inline FetchedToken with_end(std::string_view token, WallTime end) {
  return {.token = Secret(token), .expires_at = end};
}

}  // namespace tongs::testing
