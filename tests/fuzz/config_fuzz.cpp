#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "gateway/config.hpp"

namespace {

void require(bool fact) {
  if (!fact) std::abort();
}

/// The lines behind the first NUL byte of an input are variables.
tongs::config::Environment variables(std::string_view lines) {
  tongs::config::Environment environment;
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    const std::size_t equals = line.find('=');
    if (equals != std::string_view::npos)
      environment.emplace(line.substr(0, equals), line.substr(equals + 1));
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
  }
  return environment;
}

}  // namespace

/// A configuration is read or has findings; what was read is printed as a text that means the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t end = std::min(input.find('\0'), input.size());
  const auto read = [](std::string_view text, const tongs::config::Environment& environment) {
    return tongs::gateway::read_config({"tongs.toml", std::string(text), "/etc/tongs"}, environment, 2);
  };
  const auto first = read(input.substr(0, end), variables(input.substr(std::min(end + 1, size))));
  require(first.config.has_value() == first.findings.empty());
  for (const auto& finding : first.findings) require(!finding.message.empty() && !finding.text().empty());
  if (!first.config) return 0;
  const auto second = read(first.effective, {});
  require(second.config.has_value());
  const auto third = read(second.effective, {});
  require(second.effective == third.effective);
  require(first.config->ingress.backend.text() == third.config->ingress.backend.text());
  return 0;
}
