#pragma once
#include <string>
#include <string_view>

#include "emulator/api/call.hpp"
#include "emulator/platform/world.hpp"

namespace tongs::emulator {

/// Is it the URL of an auth trigger?
bool is_auth_trigger_path(std::string_view path) noexcept;
/// `GET /auth-trigger/{secret}`: pushes a token to the app and answers 204 once it was accepted, else 502;
/// with the behaviour `authTriggerAnswer: asynchronous` 202 at once. 404: this URL is used up, or never was.
ApiAnswer answer_auth_trigger(World& world, const ApiCall& call, Moment now, json::object& facts);

/// The OAuth client of the app: its id is the app's, its secret comes from the emulator's own key.
std::string oauth_client_secret(const World& world);
/// `POST /oauth/token`: client credentials with HTTP Basic (RFC 6749 4.4); `audience` names the installation.
HttpResponse answer_token_call(World& world, const ApiCall& call, Moment now, json::object& facts);

}  // namespace tongs::emulator
