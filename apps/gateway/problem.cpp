#include "gateway/problem.hpp"

#include <chrono>

namespace tongs::gateway {

namespace {

int status_for(Errc code) noexcept {
  switch (code) {
    case Errc::invalid_argument:
      return 400;
    case Errc::forbidden:
      return 403;
    case Errc::not_found:
      return 404;
    case Errc::conflict:
      return 409;
    case Errc::rate_limited:
      return 429;
    case Errc::deadline_exceeded:
      return 504;
    case Errc::rejected:
    case Errc::unavailable:
    case Errc::storage_failed:
      return 503;
    case Errc::transport_failed:
    case Errc::malformed_response:
    case Errc::unexpected_status:
      return 502;
    default:
      return 500;
  }
}

/// Where nobody knows how long.
constexpr std::chrono::seconds kPause{5};

}  // namespace

net::Response problem(const Error& error) {
  const int status = status_for(error.code());
  net::Response response = net::Response::problem(status, to_string(error.code()), error.describe());
  const auto wait = error.retry_after();
  const bool for_now = status == 429 || status == 503;
  if (wait || for_now) response.retry_after(wait.value_or(kPause));
  return response;
}

}  // namespace tongs::gateway
