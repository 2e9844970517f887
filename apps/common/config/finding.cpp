#include "common/config/finding.hpp"

namespace tongs::config {

std::string Origin::text() const {
  if (kind == Kind::fallback) return "default";
  return at.line == 0 ? name : name + ':' + std::to_string(at.line);
}

std::string Finding::text() const {
  std::string place = where.text();
  if (where.at.column != 0) place += ':' + std::to_string(where.at.column);
  return place + ": " + message;
}

}  // namespace tongs::config
