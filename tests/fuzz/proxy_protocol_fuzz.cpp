#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "common/net/networks.hpp"
#include "common/net/proxy_protocol.hpp"

using namespace tongs::net;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

/// What a proxy says of its caller is an address in its one spelling, or `unix`.
void check_source(const std::string& source) {
  if (source.empty() || source == "unix") return;
  Networks alone;
  require(alone.add(source).has_value() && alone.contain(source));
}

/// A header ends where it ends, whatever comes behind it and in whatever pieces it came: as long as it is not
/// complete, more is asked for, and what was refused stays refused.
void check_pieces(std::string_view bytes, std::size_t size) {
  for (std::size_t cut = 0; cut < size; ++cut) {
    const auto less = parse_proxy_header(bytes.substr(0, cut));
    require(less.has_value() && !less->has_value());
  }
  const auto exact = parse_proxy_header(bytes.substr(0, size));
  require(exact.has_value() && exact->has_value() && (*exact)->size == size);
  require(!(*exact)->tls || bytes[0] == '\r');  // version 1 cannot say so
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto header = parse_proxy_header(bytes);
  if (!header) {
    require(!parse_proxy_header(std::string(bytes) + "\r\n").has_value());
    return 0;
  }
  if (!header->has_value()) {
    require(size < kMaxProxyHeader);
    return 0;
  }
  require((*header)->size <= size && (*header)->size <= kMaxProxyHeader);
  check_source((*header)->source);
  check_pieces(bytes, (*header)->size);
  return 0;
}
