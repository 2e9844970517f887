#pragma once
#include <tongs/http.hpp>
#include <tongs/installation.hpp>
#include <tongs/result.hpp>

#include "http/response_error.hpp"

namespace tongs::detail {

/// `send(token)` with the live system token; and once more if the peer refuses that one and another has come
/// in its place meanwhile. A refused token is rejected, so that a good one may follow although it ends
/// sooner. Errors: rejected without RemoteDetail (no live token: nothing was sent), and those of `send`.
template <class Send>
Result<HttpResponse> send_with_system_token(InstallationCredentials& credentials, Send send) {
  const auto token = credentials.current();
  if (!token) return Error(Errc::rejected, "no live system token for this installation");
  Result<HttpResponse> answer = send(*token);
  if (!answer || !refuses_credential(*answer)) return answer;
  credentials.reject(*token);
  const auto successor = credentials.current();
  if (!successor) return answer;
  Result<HttpResponse> second = send(*successor);
  if (second && refuses_credential(*second)) credentials.reject(*successor);
  return second;
}

}  // namespace tongs::detail
