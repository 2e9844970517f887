#include "gateway/egress/door.hpp"

#include <system_error>
#include <utility>

#include "common/log.hpp"
#include "gateway/admin/token_file.hpp"

namespace tongs::gateway {

Result<std::optional<Secret>> read_egress_secret(const EgressConfig& egress) {
  if (!egress.secret_file) return std::optional<Secret>();
  const std::string path = egress.secret_file->string();
  auto file = read_or_create_token(path);
  if (!file) return at_setting("egress.secret_file", path, std::move(file).error());
  if (file->created) log::info("a new secret for callers of the egress was made", {{"file", path}});
  return std::optional<Secret>(std::move(file->token));
}

Result<void> open_to_users(const EgressConfig& egress) {
  if (egress.users.empty() || !egress.listen->is_unix()) return {};
  using enum std::filesystem::perms;
  std::error_code failed;
  std::filesystem::permissions(
      egress.listen->unix_path,
      owner_read | owner_write | group_read | group_write | others_read | others_write, failed);
  if (!failed) return {};
  return at_setting("egress.listen", egress.listen->text(),
                    Error(Errc::storage_failed, "the socket cannot be opened to other users"));
}

}  // namespace tongs::gateway
