#pragma once
#include <cstdint>
#include <string>

#include "common/net/head.hpp"

namespace tongs::gateway {

/// The trace that a request belongs to: B3 ids as Forge sends them (contract 1.3), and the same for programs
/// that speak W3C Trace Context.
struct Trace {
  std::string trace_id;     ///< 16 or 32 hexadecimal digits
  std::string span_id;      ///< 16 hexadecimal digits
  std::string traceparent;  ///< W3C Trace Context 3.2

  /// From the fields of `request`; what is absent or malformed is made of `random`.
  static Trace of(const net::RequestHead& request, std::uint64_t random);
};

/// Is this a field that the trace is said in?
bool is_trace_header(std::string_view name) noexcept;

}  // namespace tongs::gateway
