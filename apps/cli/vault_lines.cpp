#include "cli/vault_lines.hpp"

#include <utility>

#include <tongs/json.hpp>

#include "json/writer.hpp"

namespace tongs::cli {

namespace {

constexpr std::int64_t kVersion = 1;

std::int64_t seconds_of(WallTime time) noexcept { return std::int64_t{time.time_since_epoch().count()}; }

WallTime time_of(JsonView value) { return WallTime(std::chrono::seconds(value.integer().value_or(0))); }

void write_installation(JsonWriter& out, const vault::Installation& record, Secrets secrets) {
  out.open_object().name("kind").string("installation").name("id").string(record.id.bare());
  out.name("app").string(record.app.str()).name("appVersion").string(record.app_version);
  out.name("environmentType").string(record.environment_type);
  out.name("environmentId").string(record.environment_id);
  out.name("contexts").open_array();
  for (const vault::ProductContext& context : record.contexts) {
    out.open_object().name("name").string(context.name).name("apiBaseUrl").string(context.api_base_url);
    out.name("cloudId")
        .string(context.cloud_id)
        .name("workspaceId")
        .string(context.workspace_id)
        .close_object();
  }
  out.close_array();
  if (record.context) out.name("context").string(record.context->str());
  out.name("apiBaseUrl").string(record.api_base_url);
  out.name("installed").boolean(record.state == vault::InstallationState::installed);
  out.name("revoked").boolean(record.revoked).name("waiting").boolean(record.waiting);
  if (record.license_active) out.name("licenseActive").boolean(*record.license_active);
  if (secrets == Secrets::reveal && !record.auth_trigger_url.empty()) {
    out.name("authTriggerUrl").string(record.auth_trigger_url.reveal());
  }
  out.name("installedAt").integer(seconds_of(record.installed_at));
  out.name("updatedAt").integer(seconds_of(record.updated_at)).close_object();
}

void write_token(std::string& lines, std::string_view kind, const InstallationId& id,
                 const AccountId* account, const vault::Token& token, Secrets secrets) {
  JsonWriter out;
  out.open_object().name("kind").string(kind).name("installation").string(id.bare());
  if (account != nullptr) out.name("account").string(account->str());
  out.name("expiresAt").integer(seconds_of(token.expires_at));
  out.name("receivedAt").integer(seconds_of(token.received_at));
  if (secrets == Secrets::reveal) out.name("token").string(token.secret.reveal());
  out.close_object();
  std::string text = std::move(out).text();
  lines.append(text).append("\n");
  wipe(text);
}

Error no_line() { return {Errc::invalid_argument, "is no line of a vault export"}; }

Result<vault::Installation> installation_of(JsonView line) {
  auto id = InstallationId::parse(line["id"].string_or(""));
  auto app = AppId::parse(line["app"].string_or(""));
  if (!id || !app) return no_line();
  vault::Installation record{.id = *std::move(id), .app = *std::move(app)};
  record.app_version = line["appVersion"].string_or("");
  record.environment_type = line["environmentType"].string_or("");
  record.environment_id = line["environmentId"].string_or("");
  for (const JsonView context : line["contexts"]) {
    record.contexts.push_back(
        {std::string(context["name"].string_or("")), std::string(context["apiBaseUrl"].string_or("")),
         std::string(context["cloudId"].string_or("")), std::string(context["workspaceId"].string_or(""))});
  }
  if (const auto text = line["context"].string()) {
    auto context = ContextAri::parse(*text);
    if (!context) return no_line();
    record.context = *std::move(context);
  }
  record.api_base_url = line["apiBaseUrl"].string_or("");
  const auto installed = line["installed"].boolean(), revoked = line["revoked"].boolean(),
             waiting = line["waiting"].boolean();
  if (!installed || !revoked || !waiting) return no_line();
  record.state = *installed ? vault::InstallationState::installed : vault::InstallationState::uninstalled;
  record.revoked = *revoked;
  record.waiting = *waiting;
  record.license_active = line["licenseActive"].boolean();
  record.auth_trigger_url = Secret(line["authTriggerUrl"].string_or(""));
  record.installed_at = time_of(line["installedAt"]);
  record.updated_at = time_of(line["updatedAt"]);
  return record;
}

Result<void> import_installation(vault::Vault& vault, JsonView line, Imported& counts) {
  auto record = installation_of(line);
  if (!record) return std::move(record).error();
  if (const auto known = vault.installation(record->id)) {
    const bool takes_back = record->revoked;
    if (record->state == vault::InstallationState::installed) {
      if (auto seen = vault.observe(*record); !seen) return seen;
    }
    if (takes_back) return vault.revoke(record->id, record->updated_at);
    return {};
  }
  vault.put(*std::move(record));
  ++counts.installations;
  return {};
}

Result<void> import_consent(vault::Vault& vault, const InstallationId& id, JsonView line, Imported& counts) {
  const auto account = AccountId::parse(line["account"].string_or(""));
  const auto revoked = line["revoked"].boolean();
  if (!account || !revoked) return no_line();
  if (!*revoked) return {};  // whoever was never revoked may
  ++counts.consents;
  return vault.revoke_user(id, *account, time_of(line["changedAt"]));
}

Result<void> import_token(vault::Vault& vault, const InstallationId& id, bool of_user, JsonView line,
                          WallTime now, Imported& counts) {
  const auto account = AccountId::parse(line["account"].string_or(""));
  if (of_user && !account) return no_line();
  const WallTime ends = time_of(line["expiresAt"]);
  Secret token(line["token"].string_or(""));
  const auto taken = of_user ? vault.offer_user_token(id, *account, std::move(token), ends, now)
                             : vault.offer_system_token(id, std::move(token), ends, now);
  ++(taken && *taken ? counts.tokens : counts.left_out);
  return {};
}

}  // namespace

std::string export_head(Secrets secrets) {
  JsonWriter out;
  out.open_object().name("kind").string("tongs-vault-export").name("version").integer(kVersion);
  out.name("secrets").boolean(secrets == Secrets::reveal).close_object();
  return std::move(out).text() + "\n";
}

std::string export_lines(const vault::Vault& vault, const vault::Installation& installation,
                         Secrets secrets) {
  JsonWriter head;
  write_installation(head, installation, secrets);
  std::string lines = std::move(head).text() + "\n";
  const InstallationId& id = installation.id;
  const auto users = vault.users(id);
  for (const vault::KnownUser& user : users) {
    if (!user.consent) continue;
    JsonWriter out;
    out.open_object().name("kind").string("user-consent").name("installation").string(id.bare());
    out.name("account").string(user.account.str()).name("revoked").boolean(user.consent->revoked);
    out.name("changedAt").integer(seconds_of(user.consent->changed_at)).close_object();
    lines.append(out.text()).append("\n");
  }
  if (const auto token = vault.system_token(id))
    write_token(lines, "system-token", id, nullptr, *token, secrets);
  for (const vault::KnownUser& user : users) {
    const auto token = vault.user_token(id, user.account);
    if (token) write_token(lines, "user-token", id, &user.account, *token, secrets);
  }
  return lines;
}

Result<void> import_line(vault::Vault& vault, std::string_view line, bool first, WallTime now,
                         Imported& counts) {
  const auto json = JsonDocument::parse(line);
  if (!json) return no_line();
  const std::string_view kind = (*json)["kind"].string_or("");
  if (first != (kind == "tongs-vault-export")) return no_line();
  if (first) {
    if ((*json)["version"].integer() == kVersion) return {};
    return Error(Errc::invalid_argument, "was written by a newer version of tongs: update this one");
  }
  if (kind == "installation") return import_installation(vault, json->root(), counts);
  const auto id = InstallationId::parse((*json)["installation"].string_or(""));
  if (!id) return no_line();
  if (kind == "user-consent") return import_consent(vault, *id, json->root(), counts);
  if (kind == "system-token") return import_token(vault, *id, false, json->root(), now, counts);
  if (kind == "user-token") return import_token(vault, *id, true, json->root(), now, counts);
  return no_line();
}

}  // namespace tongs::cli
