#pragma once
#include <utility>

#include <tongs/http.hpp>
#include <tongs/installation.hpp>
#include <tongs/result.hpp>

#include "http/response_error.hpp"

namespace tongs::detail {

/// Calls `send` with the current app system token, and once more if that is refused although another one has
/// taken its place meanwhile: the first call did not run. A refused token that is still the current one is
/// kept: just after an installation a good one is refused too (contract 7.1.3), and nothing but Forge can
/// bring another. Errors: rejected, if no token is alive, and those of `send`.
template <class Send>
Result<HttpResponse> with_system_token(const InstallationCredentials& credentials, Send&& send) {
  const auto token = credentials.current();
  if (!token) {
    return Error(
        Errc::rejected,
        "no app system token of this installation is alive: wait for the next invocation or scheduled "
        "trigger to bring one");
  }
  Result<HttpResponse> answer = send(*token);
  if (!answer || !refuses_credential(*answer)) return answer;
  const auto next = credentials.current();
  if (!next || next->reveal() == token->reveal()) return answer;
  return send(*next);
}

}  // namespace tongs::detail
