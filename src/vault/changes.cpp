#include "vault/changes.hpp"

#include <utility>

namespace tongs::vault {

namespace {

RowKey row(RowKind kind, const InstallationId& id, std::string account = {}) {
  return {kind, std::string(id.bare()), std::move(account)};
}

}  // namespace

Change change_of(const InstallationId& id, InstallationPtr record) {
  return {row(RowKind::installation, id), std::move(record)};
}

Change change_of_system_token(const InstallationId& id, TokenPtr token) {
  return {row(RowKind::system_token, id), std::move(token)};
}

Change change_of_user_token(const InstallationId& id, const AccountId& account, TokenPtr token) {
  return {row(RowKind::user_token, id, account.str()), std::move(token)};
}

Change change_of_consent(const InstallationId& id, const AccountId& account, ConsentPtr consent) {
  return {row(RowKind::user_consent, id, account.str()), std::move(consent)};
}

Change change_of_oauth_client(const InstallationId& id, const std::string& client_id, OAuthClientPtr client) {
  return {row(RowKind::oauth_client, id, client_id), std::move(client)};
}

Change change_of_key_check(std::string key_id) {
  return {{RowKind::key_check, {}, std::move(key_id)}, KeyCheckMark{}};
}

Change erased(Change change) {
  change.content = Erased{};
  return change;
}

void wipe_tokens(const InstallationId& id, Entry& entry, std::vector<Change>& changes) {
  if (entry.system_token) changes.push_back(erased(change_of_system_token(id, nullptr)));
  for (const auto& [account, token] : entry.user_tokens) {
    changes.push_back(erased(change_of_user_token(id, account, nullptr)));
  }
  entry.system_token = nullptr;
  entry.user_tokens.clear();
}

void wipe_user_token(const InstallationId& id, const AccountId& account, Entry& entry,
                     std::vector<Change>& changes) {
  if (entry.user_tokens.erase(account) == 0) return;
  changes.push_back(erased(change_of_user_token(id, account, nullptr)));
}

void wipe_clients(const InstallationId& id, Entry& entry, std::vector<Change>& changes) {
  for (const auto& [client_id, client] : entry.clients) {
    changes.push_back(erased(change_of_oauth_client(id, client_id, nullptr)));
  }
  entry.clients.clear();
}

std::vector<Change> all_rows(const InstallationId& id, const Entry& entry) {
  std::vector<Change> changes;
  if (entry.installation) changes.push_back(change_of(id, entry.installation));
  if (entry.system_token) changes.push_back(change_of_system_token(id, entry.system_token));
  for (const auto& [account, token] : entry.user_tokens) {
    changes.push_back(change_of_user_token(id, account, token));
  }
  for (const auto& [account, consent] : entry.consents) {
    changes.push_back(change_of_consent(id, account, consent));
  }
  for (const auto& [client_id, client] : entry.clients) {
    changes.push_back(change_of_oauth_client(id, client_id, client));
  }
  return changes;
}

}  // namespace tongs::vault
