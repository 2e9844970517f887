#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "http/url.hpp"

using namespace tongs::detail;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

/// The canonical text is stable, and data joined to a base never changes where it goes.
void check(std::string_view text) {
  const auto url = parse_url(text);
  if (!url) return;
  const auto again = parse_url(url->text());
  require(again.has_value());
  require(again->text() == url->text());
  require(!has_dot_segment(url->path));
}

void check_join(std::string_view text) {
  const auto base = parse_base_url("https://api.example.com/ex/jira/1");
  require(base.has_value());
  for (const auto& target : {std::string(text), "/" + percent_encode(text) + "?q=" + percent_encode(text)}) {
    const auto joined = join(*base, target);
    if (!joined) continue;
    const auto url = parse_url(*joined);
    require(url.has_value());
    require(origin(*url) == origin(*base));
    require(url->path.starts_with(base->path + "/"));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check(text);
  check_join(text);
  const auto decoded = percent_decode(percent_encode(text));
  require(decoded.has_value() && *decoded == text);
  (void)parse_query(text);
  return 0;
}
