#include "gateway/ingress/trace.hpp"

#include <algorithm>

#include <tongs/http.hpp>

namespace tongs::gateway {

namespace {

bool is_id(std::string_view text) noexcept {
  const bool hex = std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  });
  return hex && (text.size() == 16 || text.size() == 32) && text.find_first_not_of('0') != std::string::npos;
}

/// `00-<32>-<16>-<2>`; later versions may go on behind that.
bool is_traceparent(std::string_view text) noexcept {
  return text.size() >= 55 && text.substr(0, 2) != "ff" && text[2] == '-' && text[35] == '-' &&
         text[52] == '-' && is_id(text.substr(3, 32)) && is_id(text.substr(36, 16)) &&
         (text.size() == 55 || (text.substr(0, 2) != "00" && text[55] == '-'));
}

std::string hex(std::uint64_t number) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text(16, '0');
  for (auto place = text.rbegin(); place != text.rend(); ++place, number >>= 4) *place = digits[number & 15];
  return text;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
  return out;
}

}  // namespace

Trace Trace::of(const net::RequestHead& request, std::uint64_t random) {
  const auto b3_trace = request.fields.find("x-b3-traceid"), b3_span = request.fields.find("x-b3-spanid");
  const auto parent = request.fields.find("traceparent");
  const bool has_parent = parent && request.fields.count("traceparent") == 1 && is_traceparent(*parent);
  Trace trace;
  if (b3_trace && is_id(*b3_trace)) {
    trace.trace_id = *b3_trace;
  } else {
    trace.trace_id = has_parent ? std::string(parent->substr(3, 32)) : hex(random | 1);
  }
  if (b3_span && is_id(*b3_span)) {
    trace.span_id = *b3_span;
  } else {
    trace.span_id = has_parent ? std::string(parent->substr(36, 16)) : hex(random | 1);
  }
  if (has_parent) {
    trace.traceparent = *parent;
  } else {
    trace.traceparent.append("00-")
        .append(32 - trace.trace_id.size(), '0')
        .append(lower(trace.trace_id))
        .append("-")
        .append(lower(trace.span_id).substr(trace.span_id.size() - 16))
        .append("-01");
  }
  return trace;
}

bool is_trace_header(std::string_view name) noexcept {
  return same_header_name(name, "x-b3-traceid") || same_header_name(name, "x-b3-spanid") ||
         same_header_name(name, "traceparent");
}

}  // namespace tongs::gateway
