#pragma once
#include <string>
#include <variant>
#include <vector>

#include "vault/memory.hpp"
#include "vault/store.hpp"

namespace tongs::vault {

struct Erased {};
/// Nothing: that it opens under a key is all it says.
struct KeyCheckMark {};

/// What a row shall hold from now on.
struct Change {
  using Content = std::variant<Erased, InstallationPtr, TokenPtr, ConsentPtr, OAuthClientPtr, KeyCheckMark>;
  RowKey key;
  Content content;
};

Change change_of(const InstallationId& id, InstallationPtr record);
Change change_of_system_token(const InstallationId& id, TokenPtr token);
Change change_of_user_token(const InstallationId& id, const AccountId& account, TokenPtr token);
Change change_of_consent(const InstallationId& id, const AccountId& account, ConsentPtr consent);
Change change_of_oauth_client(const InstallationId& id, const std::string& client_id, OAuthClientPtr client);
Change change_of_key_check(std::string key_id);
/// The same row, without content.
Change erased(Change change);

/// Takes the tokens out of the entry; `changes` gets what erases their rows.
void wipe_tokens(const InstallationId& id, Entry& entry, std::vector<Change>& changes);
void wipe_user_token(const InstallationId& id, const AccountId& account, Entry& entry,
                     std::vector<Change>& changes);
/// Takes its OAuth clients out of the entry; `changes` gets what erases their rows.
void wipe_clients(const InstallationId& id, Entry& entry, std::vector<Change>& changes);
/// What writes every row of the entry again.
std::vector<Change> all_rows(const InstallationId& id, const Entry& entry);

}  // namespace tongs::vault
