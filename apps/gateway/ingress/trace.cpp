#include "gateway/ingress/trace.hpp"

#include <algorithm>
#include <array>

#include "http/ascii.hpp"
#include "http/name_set.hpp"

namespace tongs::gateway {

namespace {

constexpr detail::NameSet kNames("x-b3-traceid", "x-b3-spanid", "traceparent");

bool is_id(std::string_view text) noexcept {
  if (text.size() != 16 && text.size() != 32) return false;
  return std::ranges::all_of(text, [](char c) { return detail::hex_value(c) >= 0; }) &&
         text.find_first_not_of('0') != std::string::npos;
}

/// `00-<32>-<16>-<2>`; later versions may go on behind that.
bool is_traceparent(std::string_view text) noexcept {
  return text.size() >= 55 && text.substr(0, 2) != "ff" && text[2] == '-' && text[35] == '-' &&
         text[52] == '-' && is_id(text.substr(3, 32)) && is_id(text.substr(36, 16)) &&
         (text.size() == 55 || (text.substr(0, 2) != "00" && text[55] == '-'));
}

using Id = FixedText<32>;

Id hex(std::uint64_t number) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::array<char, 16> text{};
  for (auto place = text.rbegin(); place != text.rend(); ++place, number >>= 4) *place = digits[number & 15];
  return Id({text.data(), text.size()});
}

Id lower(std::string_view id) {
  std::array<char, 32> text{};
  std::ranges::transform(id, text.begin(), [](char c) { return detail::to_lower(c); });
  return Id({text.data(), id.size()});
}

}  // namespace

Trace Trace::of(const net::RequestHead& request, std::uint64_t random) {
  const auto b3_trace = request.fields.find("x-b3-traceid"), b3_span = request.fields.find("x-b3-spanid");
  const auto parent = request.fields.find("traceparent");
  const bool has_parent = parent && request.fields.count("traceparent") == 1 && is_traceparent(*parent);
  Trace trace;
  if (b3_trace && is_id(*b3_trace)) {
    trace.trace_id_ = Id(*b3_trace);
  } else {
    trace.trace_id_ = has_parent ? Id(parent->substr(3, 32)) : hex(random | 1);
  }
  if (b3_span && is_id(*b3_span)) {
    trace.span_id_ = Id(*b3_span);
  } else {
    trace.span_id_ = has_parent ? Id(parent->substr(36, 16)) : hex(random | 1);
  }
  trace.traceparent_.append("00-");
  if (has_parent) {
    trace.traceparent_.append(parent->substr(3, 52));
  } else {
    constexpr std::string_view zeros = "0000000000000000";
    const Id trace_id = lower(trace.trace_id()), span_id = lower(trace.span_id());
    trace.traceparent_.append(zeros.substr(0, 32 - trace_id.size()))
        .append(trace_id.view())
        .append("-")
        .append(span_id.view().substr(span_id.size() - 16))
        .append("-01");
  }
  return trace;
}

bool is_trace_header(std::string_view name) noexcept { return kNames.contains(name); }

}  // namespace tongs::gateway
