#pragma once
#include <cstdint>
#include <string_view>

#include "common/fixed_text.hpp"
#include "common/net/head.hpp"

namespace tongs::gateway {

/// The trace that a request belongs to: B3 ids as Forge sends them (contract 1.3), and the same for programs
/// that speak W3C Trace Context.
class Trace {
 public:
  /// From the fields of `request`; what is absent or malformed is made of `random`.
  static Trace of(const net::RequestHead& request, std::uint64_t random);

  /// 16 or 32 hexadecimal digits.
  std::string_view trace_id() const noexcept { return trace_id_.view(); }
  /// 16 or 32 hexadecimal digits.
  std::string_view span_id() const noexcept { return span_id_.view(); }
  /// W3C Trace Context 3.2, version 00.
  std::string_view traceparent() const noexcept { return traceparent_.view(); }

 private:
  FixedText<32> trace_id_, span_id_;
  FixedText<55> traceparent_;
};

/// Is this a field that the trace is said in?
bool is_trace_header(std::string_view name) noexcept;

}  // namespace tongs::gateway
