#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tongs/http.hpp>

#include "emulator/base/members.hpp"
#include "emulator/base/time.hpp"
#include "emulator/platform/delivery_book.hpp"
#include "http/url.hpp"

namespace tongs::emulator {

/// One request to an API of the emulated platform.
struct ApiCall {
  std::string method;
  std::string path;  ///< percent-encoded, as it was sent
  tongs::detail::QueryPairs query = {};
  std::vector<Header> headers = {};
  std::string body = {};

  /// The first value of that header, or empty.
  std::string_view header(std::string_view name) const noexcept;
  /// The first value of that query parameter, or nothing.
  std::optional<std::string_view> parameter(std::string_view name) const noexcept;
  /// A parameter that counts something: `otherwise` if it is absent, the nearest bound if it is outside of
  /// them; nothing if it is no number.
  std::optional<std::int64_t> count(std::string_view name, std::int64_t otherwise, std::int64_t least,
                                    std::int64_t most) const noexcept;
  /// All values of a parameter, each split at commas.
  std::vector<std::string> list(std::string_view name) const;
};

/// An answer, and what a fault makes of it on the wire.
struct ApiAnswer {
  HttpResponse response;
  Millis delay{0};
  bool reset = false;
  std::optional<std::size_t> truncate_after = {};
  /// Goes to the app's remote first; then `then`, if it is set, says what is answered instead.
  std::optional<DeliveryId> delivery = {};
  HttpResponse (*then)(const Delivery& delivery) = nullptr;
};

HttpResponse json_answer(int status, const json::value& body, std::vector<Header> headers = {});
/// An error of ours (RFC 9457).
HttpResponse problem_answer(int status, std::string_view type, std::string_view detail);
HttpResponse problem_answer(int status, const Problem& problem);

}  // namespace tongs::emulator
