// Workflow commands of GitHub Actions: `::error file=…,line=…,col=…,title=…::message`.
#include <tongs/manifest/check.hpp>

namespace tongs::manifest {

namespace {

/// What would end the command, or a property of it, is percent-encoded.
std::string escaped(std::string_view text, bool in_property) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  const std::string_view special = in_property ? "%\r\n:," : "%\r\n";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (special.find(c) == std::string_view::npos) {
      out += c;
    } else {
      out.append("%").append(1, digits[byte >> 4]).append(1, digits[byte & 15]);
    }
  }
  return out;
}

}  // namespace

std::string to_github(std::span<const FileReport> files) {
  std::string out;
  for (const FileReport& file : files) {
    for (const Finding& finding : file.findings) {
      out.append("::").append(to_string(finding.rule->severity));
      out.append(" file=").append(escaped(file.file, true));
      out.append(",line=").append(std::to_string(finding.at.line));
      out.append(",col=").append(std::to_string(finding.at.column));
      out.append(",title=").append(escaped(finding.rule->id, true));
      out.append("::").append(escaped(finding.message, false)).append("\n");
    }
  }
  return out;
}

}  // namespace tongs::manifest
