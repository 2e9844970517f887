#include "gateway/oauth/delivery.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include <sys/stat.h>

#include "common/log.hpp"
#include "gateway/oauth/client_json.hpp"
#include "gateway/oauth/credentials.hpp"
#include "vault/files.hpp"

namespace tongs::gateway::oauth {

namespace {

constexpr std::string_view kName = "oauth.credentials_dir";  ///< of the clients that are made here
constexpr std::size_t kPage = 1000;

bool has_been_delivered(const vault::Vault& vault, const InstallationId& installation) {
  return std::ranges::any_of(vault.oauth_clients(installation),
                             [](const auto& client) { return client->name == kName; });
}

}  // namespace

Result<std::unique_ptr<Delivery>> Delivery::start(std::shared_ptr<vault::Vault> vault,
                                                  std::filesystem::path directory, std::string token_endpoint,
                                                  std::shared_ptr<AuditLog> audit,
                                                  std::shared_ptr<const Clock> clock) {
  std::error_code failed;
  if (!std::filesystem::is_directory(directory, failed) && ::mkdir(directory.c_str(), S_IRWXU) != 0) {
    return Error(Errc::storage_failed, "the directory is not there and cannot be made");
  }
  return std::unique_ptr<Delivery>(new Delivery(
      std::move(vault), std::move(directory), std::move(token_endpoint), std::move(audit), std::move(clock)));
}

Delivery::Delivery(std::shared_ptr<vault::Vault> vault, std::filesystem::path directory,
                   std::string token_endpoint, std::shared_ptr<AuditLog> audit,
                   std::shared_ptr<const Clock> clock)
    : vault_(std::move(vault)),
      directory_(std::move(directory)),
      token_endpoint_(std::move(token_endpoint)),
      audit_(std::move(audit)),
      clock_(std::move(clock)) {
  thread_ = std::thread([this] { work(); });
}

Delivery::~Delivery() {
  {
    const std::lock_guard hold(mutex_);
    ending_ = true;
    wake_.notify_one();
  }
  thread_.join();
}

void Delivery::notice(const InstallationId& installation) {
  const std::lock_guard hold(mutex_);
  noticed_.push_back(installation);
  wake_.notify_one();
}

void Delivery::notice_all() {
  std::optional<InstallationId> after;
  do {
    const auto page = vault_->installations(after, kPage, vault::Vault::Which::serving);
    for (const auto& installation : page.installations) notice(installation->id);
    after = page.next;
  } while (after);
}

void Delivery::work() {
  notice_all();
  std::unique_lock hold(mutex_);
  for (;;) {
    wake_.wait(hold, [this] { return ending_ || !noticed_.empty(); });
    if (ending_) return;
    const InstallationId installation = std::move(noticed_.front());
    noticed_.pop_front();
    hold.unlock();
    report(installation, deliver(installation));
    hold.lock();
  }
}

void Delivery::report(const InstallationId& installation, const Result<bool>& delivered) const {
  if (delivered && !*delivered) return;
  if (delivered) {
    log::info("the credentials of a new OAuth client were delivered",
              {{"installation", installation.bare()}, {"directory", directory_.native()}});
  } else {
    log::error("credentials were not delivered: that is tried again after a restart",
               {{"installation", installation.bare()}, {"reason", delivered.error().describe()}});
  }
  audit_->add({.kind = AuditKind::client_created,
               .outcome = delivered ? AuditOutcome::done : AuditOutcome::failed,
               .installation = std::string(installation.bare()),
               .actor = std::string(kName),
               .reason = delivered ? std::string() : std::string(to_string(delivered.error().code()))});
}

Result<bool> Delivery::deliver(const InstallationId& installation) const {
  if (has_been_delivered(*vault_, installation)) return false;
  auto made = make_client(installation, {.name = std::string(kName)}, clock_->wall_now());
  if (!made) return std::move(made).error();
  std::string content = describe(made->record, made->secret, token_endpoint_);
  const auto file = directory_ / (std::string(installation.bare()) + ".json");
  auto written = vault::write_private_file(file.native(), content, vault::Replace::yes);
  wipe(content);
  if (!written) return std::move(written).error();
  auto kept = vault_->put_oauth_client(std::move(made->record));
  if (!kept) return std::move(kept).error();
  return true;
}

}  // namespace tongs::gateway::oauth
