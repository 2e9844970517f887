#include "gateway/problem.hpp"

#include <chrono>
#include <string>

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
      return 502;
    default:
      return 500;
  }
}

}  // namespace

net::Response problem(const Error& error) {
  net::Response response =
      net::Response::problem(status_for(error.code()), to_string(error.code()), error.describe());
  if (const auto wait = error.retry_after()) {
    response.headers.add("Retry-After",
                         std::to_string(std::chrono::ceil<std::chrono::seconds>(*wait).count()));
  }
  return response;
}

}  // namespace tongs::gateway
