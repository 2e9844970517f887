#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <variant>

#include "emulator/products/jql.hpp"
#include "emulator/products/site_json.hpp"

using namespace tongs::emulator;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

/// Every text is a query that runs, or an error that says where.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Site site = demo_site("demo", PlatformTime(std::chrono::seconds(1'800'000'000)));
  const auto parsed = Jql::parse({reinterpret_cast<const char*>(data), size});
  if (const auto* error = std::get_if<JqlError>(&parsed)) {
    require(error->message.starts_with("Error in the JQL query at character "));
    return 0;
  }
  const auto found = std::get<Jql>(parsed).run(site, kDemoUser);
  require(found.size() <= site.issues.size());
  for (const Issue* issue : found) require(may_see(site, *issue, kDemoUser));
  return 0;
}
