#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/net/head.hpp"
#include "common/net/response.hpp"

namespace tongs::gateway {

/// The pages that may call from a browser (`requestRemote`, contract 1.1 way B): origins such as
/// `https://app.example.com`, or `https://*.example.com` for every name below. Thread safety: const.
class Cors {
 public:
  Cors() = default;
  /// `origins` passed `check_origin`.
  explicit Cors(std::vector<std::string> origins) : origins_(std::move(origins)) {}
  /// Null: fine; else what is wrong with it.
  static const char* check_origin(std::string_view origin);

  /// Answers a preflight (Fetch 4.8), which never carries a token: 204 for an origin of ours, else 403. The
  /// `answer_lines` belong to it as to every answer. Nothing if the request is none, or if no origin is
  /// configured.
  std::optional<net::Response> answer_preflight(const net::RequestHead& request) const;

  /// The header lines that let the page of this request read the answer; empty if it may not, or is no page.
  net::HeaderText answer_lines(const net::RequestHead& request) const;

 private:
  bool allows(std::string_view origin) const noexcept;
  std::vector<std::string> origins_;
};

/// Is this the field of an answer that only `Cors` may set? The others (`Access-Control-Expose-Headers`) are
/// the backend's.
bool says_who_reads(std::string_view name) noexcept;

}  // namespace tongs::gateway
