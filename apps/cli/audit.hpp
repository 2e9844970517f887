#pragma once
#include <string>
#include <vector>

#include "cli/terminal.hpp"

namespace tongs::cli {

struct AuditShowOptions {
  std::string file;
  std::string installation, event;  ///< only lines with these; empty: all
  std::string since;                ///< RFC 3339 or Unix seconds; empty: from the first
  Format format = Format::human;
};

struct AuditVerifyOptions {
  std::vector<std::string> files;  ///< in the order of their lines
  Format format = Format::human;
};

/// Shows lines of an audit log.
int run_audit_show(const AuditShowOptions& options, Terminal& terminal);
/// Says whether the files are one unbroken chain; findings if not, with the line where it breaks.
int run_audit_verify(const AuditVerifyOptions& options, Terminal& terminal);

}  // namespace tongs::cli
