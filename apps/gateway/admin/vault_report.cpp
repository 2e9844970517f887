#include "gateway/admin/vault_report.hpp"

#include "json/writer.hpp"

namespace tongs::gateway {

std::string vault_report(const vault::VaultStatus& status) {
  JsonWriter out;
  out.open_object().name("installations").integer(static_cast<std::int64_t>(status.installations));
  out.name("unsaved").integer(static_cast<std::int64_t>(status.unsaved));
  out.name("unreadableRows").integer(static_cast<std::int64_t>(status.unreadable_rows));
  out.name("activeKey").string(status.active_key).name("olderKeys").open_array();
  for (const std::string& key : status.older_keys) out.string(key);
  out.close_array().name("rotating").boolean(status.rotating).name("failure");
  if (status.failure) {
    out.string(status.failure->describe());
  } else {
    out.null();
  }
  out.close_object();
  return std::move(out).text();
}

}  // namespace tongs::gateway
