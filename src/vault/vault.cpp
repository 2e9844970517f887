#include "vault/vault.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "vault/changes.hpp"
#include "vault/client_index.hpp"
#include "vault/load.hpp"
#include "vault/memory.hpp"
#include "vault/rotation.hpp"
#include "vault/sqlite/sqlite_store.hpp"
#include "vault/unlock.hpp"
#include "vault/writer.hpp"

namespace tongs::vault {

namespace {

constexpr std::size_t kMaxPage = 1000;
constexpr std::string_view kSqlite = "sqlite:";
constexpr std::string_view kMemory = "memory:";

Result<std::unique_ptr<Store>> open_store(const VaultOptions& options) {
  const SqliteOptions sqlite{.survive_power_loss = options.survive_power_loss,
                             .lock_wait = options.lock_wait};
  if (options.url == kMemory) return open_sqlite_store(":memory:", sqlite);
  if (options.url.starts_with(kSqlite) && options.url.size() > kSqlite.size()) {
    return open_sqlite_store(options.url.substr(kSqlite.size()), sqlite);
  }
  return Error(Errc::invalid_argument, "the vault's url is sqlite:PATH or memory:");
}

TokenPtr token_in(const Entry& entry, const AccountId* account) {
  if (account == nullptr) return entry.system_token;
  const auto found = entry.user_tokens.find(*account);
  return found == entry.user_tokens.end() ? nullptr : found->second;
}

void set_token(Entry& entry, const AccountId* account, TokenPtr token) {
  if (account == nullptr) {
    entry.system_token = std::move(token);
  } else {
    entry.user_tokens.insert_or_assign(*account, std::move(token));
  }
}

Change change_of_token(const InstallationId& id, const AccountId* account, TokenPtr token) {
  return account == nullptr ? change_of_system_token(id, std::move(token))
                            : change_of_user_token(id, *account, std::move(token));
}

Error damaged() {
  return {Errc::storage_failed,
          "the vault's record of this installation is damaged and may have said that it was revoked: put or "
          "erase it"};
}

Error unknown() { return {Errc::not_found, "the vault knows no such installation"}; }

Error no_client() { return {Errc::not_found, "the vault knows no such client"}; }

Result<void> may_hold_token(const Entry& entry, const AccountId* account) {
  if (entry.damaged) return damaged();
  if (!entry.installation) return unknown();
  if (!entry.installation->serves()) {
    return Error(Errc::forbidden, "this installation was uninstalled, or no admin consents to its tokens");
  }
  if (account != nullptr && entry.revoked_for(*account)) {
    return Error(Errc::forbidden, "the consent to act for this user was revoked");
  }
  return {};
}

/// Is `offered` to take the place of what is held?
bool takes(const Entry& entry, const AccountId* account, const Token& offered, WallTime now) {
  if (account != nullptr) return supersedes(token_in(entry, account).get(), offered, now);
  const Token* held = entry.system_token.get();
  if (held != nullptr && entry.rejected.hold(held->secret, now)) held = nullptr;
  return !entry.rejected.hold(offered.secret, now) && supersedes(held, offered, now);
}

void erase_ended(const InstallationId& id, Entry& entry, WallTime now, std::vector<Change>& changes) {
  const auto ended = [&](const TokenPtr& token) { return token->expires_at <= now; };
  if (entry.system_token && ended(entry.system_token)) {
    changes.push_back(erased(change_of_system_token(id, nullptr)));
    entry.system_token = nullptr;
  }
  std::erase_if(entry.user_tokens, [&](const auto& user) {
    if (!ended(user.second)) return false;
    changes.push_back(erased(change_of_user_token(id, user.first, nullptr)));
    return true;
  });
}

}  // namespace

struct Vault::Impl {
  Impl(std::unique_ptr<Memory> loaded, std::unique_ptr<Store> store, Unlocked unlocked,
       std::size_t unreadable_rows, std::chrono::milliseconds retry_pause)
      : memory(std::move(loaded)),
        unreadable(unreadable_rows),
        key_file_created(unlocked.key_file_created),
        store_missed(unlocked.store_missed),
        rotation(*memory, writer, unlocked),
        writer(std::move(store), std::move(unlocked.sealer), retry_pause) {
    memory->edit_all([&](const InstallationId&, const Entry& entry) {
      for (const auto& [client_id, client] : entry.clients) clients.put(client);
    });
  }

  /// Replaces the record, in memory and for the disk. The entry's shard is locked.
  void set_record(Entry& entry, Installation record, Done done) {
    auto shared = std::make_shared<const Installation>(std::move(record));
    const bool served = entry.installation && entry.installation->serves();
    entry.installation = shared;
    entry.damaged = false;
    std::vector<Change> changes{change_of(shared->id, shared)};
    if (!shared->serves()) wipe_tokens(shared->id, entry, changes);
    writer.submit(changes, std::move(done));
    if (shared->serves() != served) tell(shared->id, shared->serves());
  }

  void tell(const InstallationId& id, bool serves) const {
    if (on_serving) on_serving(id, serves);
  }

  /// Nothing to write; but what `done` waits for may still be on its way.
  void nothing_new(Done done) {
    if (done) writer.submit({}, std::move(done));
  }

  template <class F>
  Result<void> change_record(const InstallationId& id, WallTime now, Done done, F change) {
    return memory->edit(id, [&](Entry& entry) -> Result<void> {
      if (entry.damaged) return damaged();
      if (!entry.installation) return unknown();
      Installation record = entry.installation->duplicate();
      change(record);
      if (same_facts(record, *entry.installation)) {
        nothing_new(std::move(done));
        return {};
      }
      record.updated_at = now;
      set_record(entry, std::move(record), std::move(done));
      return {};
    });
  }

  Result<void> change_consent(const InstallationId& id, const AccountId& account, UserConsent wanted,
                              Done done) {
    return memory->edit(id, [&](Entry& entry) -> Result<void> {
      if (!entry.installation && !entry.damaged) return unknown();
      if (entry.revoked_for(account) == wanted.revoked) {
        nothing_new(std::move(done));
        return {};
      }
      auto consent = std::make_shared<const UserConsent>(wanted);
      entry.consents.insert_or_assign(account, consent);
      std::vector<Change> changes{change_of_consent(id, account, std::move(consent))};
      if (wanted.revoked) wipe_user_token(id, account, entry, changes);
      writer.submit(changes, std::move(done));
      return {};
    });
  }

  Result<bool> offer(const InstallationId& id, const AccountId* account, Token offered, WallTime now,
                     Done done) {
    auto token = std::make_shared<const Token>(std::move(offered));
    return memory->edit(id, [&](Entry& entry) -> Result<bool> {
      if (auto may = may_hold_token(entry, account); !may) return may.error();
      if (!takes(entry, account, *token, now)) {
        nothing_new(std::move(done));
        return false;
      }
      Change change = change_of_token(id, account, token);
      set_token(entry, account, std::move(token));
      writer.submit({&change, 1}, std::move(done));
      return true;
    });
  }

  TokenPtr token(const InstallationId& id, const AccountId* account) const {
    return memory->read(
        id, [&](const Entry* entry) { return entry == nullptr ? nullptr : token_in(*entry, account); });
  }

  const std::unique_ptr<Memory> memory;
  ClientIndex clients;
  OnServing on_serving;
  const std::size_t unreadable;
  const bool key_file_created;
  const bool store_missed;
  Rotation rotation;
  Writer writer;  // last: its thread ends before the rest does
};

Vault::Vault(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
Vault::~Vault() = default;

Result<std::unique_ptr<Vault>> Vault::open(VaultOptions options) {
  auto store = open_store(options);
  if (!store) return store.error();
  const auto checks = (*store)->key_checks();
  if (!checks) return checks.error();
  auto unlocked = options.url == kMemory ? unlock_in_memory() : unlock(*checks, options.keys);
  if (!unlocked) return unlocked.error();
  if (auto prepared = (*store)->prepare(); !prepared) return prepared.error();

  auto memory = std::make_unique<Memory>();
  auto loaded = load_rows(**store, unlocked->sealer, *memory);
  if (!loaded) return loaded.error();
  std::unique_ptr<Vault> vault(new Vault(std::make_unique<Impl>(
      std::move(memory), std::move(*store), std::move(*unlocked), loaded->unreadable, options.retry_pause)));
  vault->impl_->writer.submit(loaded->erasures, {});
  vault->impl_->rotation.resume_after_open();
  if (auto writable = vault->flush(); !writable) return writable.error();
  return vault;
}

std::shared_ptr<const Installation> Vault::installation(const InstallationId& id) const {
  return impl_->memory->read(
      id, [](const Entry* entry) { return entry == nullptr ? nullptr : entry->installation; });
}

std::shared_ptr<const Token> Vault::system_token(const InstallationId& id) const {
  return impl_->token(id, nullptr);
}

std::shared_ptr<const Token> Vault::user_token(const InstallationId& id, const AccountId& account) const {
  return impl_->token(id, &account);
}

std::shared_ptr<const UserConsent> Vault::user_consent(const InstallationId& id,
                                                       const AccountId& account) const {
  return impl_->memory->read(id, [&](const Entry* entry) -> ConsentPtr {
    if (entry == nullptr) return nullptr;
    const auto found = entry->consents.find(account);
    return found == entry->consents.end() ? nullptr : found->second;
  });
}

std::vector<KnownUser> Vault::users(const InstallationId& id) const {
  std::map<AccountId, KnownUser> known;
  const auto user = [&](const AccountId& account) -> KnownUser& {
    return known.try_emplace(account, KnownUser{account}).first->second;
  };
  impl_->memory->read(id, [&](const Entry* entry) {
    if (entry == nullptr) return;
    for (const auto& [account, consent] : entry->consents) user(account).consent = consent;
    for (const auto& [account, token] : entry->user_tokens) user(account).token_ends = token->expires_at;
  });
  std::vector<KnownUser> list;
  for (auto& [account, each] : known) list.push_back(std::move(each));
  return list;
}

InstallationPage Vault::installations(const std::optional<InstallationId>& after, std::size_t limit,
                                      Which which) const {
  limit = std::clamp<std::size_t>(limit, 1, kMaxPage);
  InstallationPage page;
  auto last = after;
  for (;;) {
    const auto ids = impl_->memory->ids_after(last, limit + 1);
    for (const InstallationId& id : ids) {
      if (page.installations.size() == limit) {
        page.next = page.installations.back()->id;
        return page;
      }
      auto record = installation(id);
      if (record && (which == Which::all || record->serves()))
        page.installations.push_back(std::move(record));
      last = id;
    }
    if (ids.size() <= limit) return page;
  }
}

Result<void> Vault::observe(const Installation& seen, Done done) {
  const auto known = installation(seen.id);
  if (known && !tells_news(*known, seen)) {
    impl_->nothing_new(std::move(done));
    return {};
  }
  return impl_->memory->edit(seen.id, [&](Entry& entry) -> Result<void> {
    if (entry.damaged) return damaged();
    auto record = entry.installation ? merged(*entry.installation, seen) : seen.duplicate();
    impl_->set_record(entry, std::move(record), std::move(done));
    return {};
  });
}

void Vault::put(Installation record, Done done) {
  const InstallationId id = record.id;
  impl_->memory->edit(id,
                      [&](Entry& entry) { impl_->set_record(entry, std::move(record), std::move(done)); });
}

Result<void> Vault::mark_uninstalled(const InstallationId& id, WallTime now, Done done) {
  return impl_->change_record(id, now, std::move(done),
                              [](Installation& record) { record.state = InstallationState::uninstalled; });
}

Result<void> Vault::revoke(const InstallationId& id, WallTime now, Done done) {
  return impl_->change_record(id, now, std::move(done), [](Installation& record) {
    record.revoked = true;
    record.waiting = false;
  });
}

Result<void> Vault::authorize(const InstallationId& id, WallTime now, Done done) {
  return impl_->change_record(id, now, std::move(done), [](Installation& record) {
    record.revoked = false;
    record.waiting = false;
  });
}

Result<void> Vault::revoke_user(const InstallationId& id, const AccountId& account, WallTime now, Done done) {
  return impl_->change_consent(id, account, {.revoked = true, .changed_at = now}, std::move(done));
}

Result<void> Vault::authorize_user(const InstallationId& id, const AccountId& account, WallTime now,
                                   Done done) {
  return impl_->change_consent(id, account, {.revoked = false, .changed_at = now}, std::move(done));
}

void Vault::erase(const InstallationId& id, Done done) {
  impl_->memory->edit(id, [&](Entry& entry) {
    std::vector<Change> changes{erased(change_of(id, nullptr))};
    wipe_tokens(id, entry, changes);
    for (const auto& [account, consent] : entry.consents) {
      changes.push_back(erased(change_of_consent(id, account, nullptr)));
    }
    for (const auto& [client_id, client] : entry.clients) impl_->clients.erase(client_id);
    wipe_clients(id, entry, changes);
    const bool served = entry.installation && entry.installation->serves();
    entry = Entry{};
    impl_->writer.submit(changes, std::move(done));
    if (served) impl_->tell(id, false);
  });
}

OAuthClientPtr Vault::oauth_client(std::string_view id) const { return impl_->clients.find(id); }

std::vector<OAuthClientPtr> Vault::oauth_clients(const InstallationId& id) const {
  return impl_->memory->read(id, [](const Entry* entry) {
    std::vector<OAuthClientPtr> clients;
    if (entry == nullptr) return clients;
    for (const auto& [client_id, client] : entry->clients) clients.push_back(client);
    return clients;
  });
}

Result<void> Vault::put_oauth_client(OAuthClient client, Done done) {
  auto shared = std::make_shared<const OAuthClient>(std::move(client));
  return impl_->memory->edit(shared->installation, [&](Entry& entry) -> Result<void> {
    if (entry.damaged) return damaged();
    if (!entry.installation) return unknown();
    entry.clients[shared->id] = shared;
    impl_->clients.put(shared);
    Change change = change_of_oauth_client(shared->installation, shared->id, shared);
    impl_->writer.submit({&change, 1}, std::move(done));
    return {};
  });
}

Result<void> Vault::erase_oauth_client(std::string_view id, Done done) {
  const auto client = oauth_client(id);
  if (!client) return no_client();
  return impl_->memory->edit(client->installation, [&](Entry& entry) -> Result<void> {
    if (entry.clients.erase(client->id) == 0) return no_client();
    impl_->clients.erase(client->id);
    Change change = erased(change_of_oauth_client(client->installation, client->id, nullptr));
    impl_->writer.submit({&change, 1}, std::move(done));
    return {};
  });
}

Result<bool> Vault::offer_system_token(const InstallationId& id, Secret token, WallTime expires_at,
                                       WallTime now, Done done) {
  return impl_->offer(id, nullptr, {std::move(token), expires_at, now}, now, std::move(done));
}

Result<bool> Vault::offer_user_token(const InstallationId& id, const AccountId& account, Secret token,
                                     WallTime expires_at, WallTime now, Done done) {
  return impl_->offer(id, &account, {std::move(token), expires_at, now}, now, std::move(done));
}

void Vault::reject_system_token(const InstallationId& id, const std::shared_ptr<const Token>& token,
                                WallTime until, WallTime now) {
  impl_->memory->edit(id, [&](Entry& entry) {
    if (token && entry.system_token == token) entry.rejected.add(token, until, now);
  });
}

bool Vault::drop_user_token(const InstallationId& id, const AccountId& account,
                            const std::shared_ptr<const Token>& rejected, Done done) {
  return impl_->memory->edit(id, [&](Entry& entry) {
    const auto held = entry.user_tokens.find(account);
    if (held == entry.user_tokens.end() || held->second != rejected) {
      impl_->nothing_new(std::move(done));
      return false;
    }
    entry.user_tokens.erase(held);
    Change change = erased(change_of_user_token(id, account, nullptr));
    impl_->writer.submit({&change, 1}, std::move(done));
    return true;
  });
}

std::size_t Vault::sweep(WallTime now) {
  std::size_t ended = 0;
  impl_->memory->edit_all([&](const InstallationId& id, Entry& entry) {
    std::vector<Change> changes;
    erase_ended(id, entry, now, changes);
    ended += changes.size();
    if (!changes.empty()) impl_->writer.submit(changes, {});
  });
  return ended;
}

Result<void> Vault::rotate_key(Done done) { return impl_->rotation.start(std::move(done)); }

void Vault::probe(Done done) { impl_->writer.probe(std::move(done)); }

void Vault::backup(std::string path, Done done) {
  const Done answer = std::move(done);
  const bool queued = impl_->writer.run([path = std::move(path), answer](Store& store, Sealer&) {
    const auto copied = store.backup(path);
    if (answer) answer(copied);
  });
  if (!queued && answer) answer(Error(Errc::cancelled, "the vault is closed"));
}

Result<void> Vault::flush(const CallOptions& call) { return impl_->writer.flush(call); }

Result<void> Vault::close() { return impl_->writer.close(); }

void Vault::watch(Done on_change) { impl_->writer.watch(std::move(on_change)); }

void Vault::watch_serving(OnServing on_serving) { impl_->on_serving = std::move(on_serving); }

VaultStatus Vault::status() const {
  auto writing = impl_->writer.status();
  auto keys = impl_->rotation.status();
  return {.failure = std::move(writing.failure),
          .unsaved = writing.unsaved,
          .unreadable_rows = impl_->unreadable,
          .installations = impl_->memory->size(),
          .transactions = writing.transactions,
          .rows_written = writing.rows,
          .active_key = std::move(keys.active_key),
          .older_keys = std::move(keys.older_keys),
          .rotating = keys.running,
          .key_file_created = impl_->key_file_created,
          .store_missed = impl_->store_missed};
}

}  // namespace tongs::vault
