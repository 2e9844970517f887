#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tongs/call_options.hpp>
#include <tongs/clock.hpp>
#include <tongs/ids.hpp>
#include <tongs/result.hpp>
#include <tongs/secret.hpp>

#include "vault/done.hpp"
#include "vault/key_file.hpp"
#include "vault/oauth_client.hpp"
#include "vault/records.hpp"

namespace tongs::vault {

struct VaultOptions {
  /// `sqlite:PATH`, or `memory:` for a vault that ends with the program.
  std::string url = "sqlite:tongs.db";
  /// Where the keys are. If the vault is new and the file among them is not there, it is created. `memory:`
  /// needs none.
  KeyPlaces keys = {};
  /// What was acknowledged survives a power cut too, at the price of an fsync for each transaction. Default:
  /// it survives the death of the process, at any moment.
  bool survive_power_loss = false;
  /// How long `open` waits for another process to let go of the file. Default 2 s. 0: not at all.
  std::chrono::milliseconds lock_wait{2000};
  /// While the store fails, it is tried this seldom. Default 1 s.
  std::chrono::milliseconds retry_pause{1000};
};

struct InstallationPage {
  std::vector<std::shared_ptr<const Installation>> installations;
  /// Ask for the next page with this; empty: there is none.
  std::optional<InstallationId> next;
};

/// Somebody for whom the app acts, or did, or must not.
struct KnownUser {
  AccountId account;
  std::shared_ptr<const UserConsent> consent = {};  ///< null: nobody ever changed it
  std::optional<WallTime> token_ends = {};          ///< of the token that is held
};

struct VaultStatus {
  /// Why the last write failed; empty if it did not. Readiness depends on it, reading does not.
  std::optional<Error> failure;
  std::size_t unsaved = 0;  ///< rows that are newer in memory than on disk
  /// Rows that did not open when the vault was opened: of tokens and OAuth clients, which were erased, and
  /// damaged records.
  std::size_t unreadable_rows = 0;
  std::size_t installations = 0;
  std::uint64_t transactions = 0;
  std::uint64_t rows_written = 0;
  std::string active_key;               ///< the id of the key that seals
  std::vector<std::string> older_keys;  ///< ids of other keys under which rows may still be sealed
  bool rotating = false;                ///< rows are being sealed anew
  bool key_file_created = false;        ///< by this `open`
  /// The store was made by this `open`, and the key file was there before: there may have been another store.
  bool store_missed = false;
};

/// Where installations and tokens rest, encrypted. Reads are lookups in memory. A change is readable when its
/// function returns, and durable when its `Done` is called: a thread of the vault's own writes whatever came
/// in meanwhile as one transaction. No caller ever waits for a disk.
///
/// A function that gives an Error has changed nothing and will not call `Done`; `Done` may be left out.
/// Thread safety: any. `close` and destruction must be the last calls.
class Vault {
 public:
  /// Errors: conflict (held by another process), storage_failed (wrong or missing key, damaged, of a newer
  /// version, unreadable), forbidden (others could read the key file), invalid_argument (an unknown kind of
  /// URL, keys that are none). The store is changed only if none of these happens.
  static Result<std::unique_ptr<Vault>> open(VaultOptions options);
  ~Vault();

  // Reading. Null: there is none.

  std::shared_ptr<const Installation> installation(const InstallationId& id) const;
  /// Possibly past its end: whoever uses it compares `expires_at` with his own clock.
  std::shared_ptr<const Token> system_token(const InstallationId& id) const;
  std::shared_ptr<const Token> user_token(const InstallationId& id, const AccountId& account) const;

  /// Null: nobody ever changed it, and the app may act for this user.
  std::shared_ptr<const UserConsent> user_consent(const InstallationId& id, const AccountId& account) const;
  /// In order of accounts.
  std::vector<KnownUser> users(const InstallationId& id) const;

  enum class Which : bool { all, serving };
  /// In order of ids, from the first one after `after` on (empty: from the first). `limit`: 1 to 1000.
  InstallationPage installations(const std::optional<InstallationId>& after, std::size_t limit,
                                 Which which = Which::all) const;

  // Installations.

  /// A verified invocation showed this; see `merged`. Costs a lookup and a comparison if nothing is new.
  /// Errors: storage_failed (the record on disk is damaged; it may have been revoked: only `put` and `erase`
  /// mend it).
  Result<void> observe(const Installation& seen, Done done = {});
  /// The record is now this one, whatever it was. Its tokens go if it does not serve.
  void put(Installation record, Done done = {});
  /// Its tokens are wiped. Errors: not_found.
  Result<void> mark_uninstalled(const InstallationId& id, WallTime now, Done done = {});
  /// An admin takes the consent back: its tokens are wiped and no new ones taken. Errors: not_found.
  Result<void> revoke(const InstallationId& id, WallTime now, Done done = {});
  /// An admin gives the consent, again or for the first time. Errors: not_found.
  Result<void> authorize(const InstallationId& id, WallTime now, Done done = {});
  /// The same for one user of it: the app may no longer act for him, or may again. Holds whatever becomes of
  /// the installation, until it is erased. Errors: not_found (no such installation).
  Result<void> revoke_user(const InstallationId& id, const AccountId& account, WallTime now, Done done = {});
  Result<void> authorize_user(const InstallationId& id, const AccountId& account, WallTime now,
                              Done done = {});
  /// Forgets the installation, its tokens, consents and OAuth clients.
  void erase(const InstallationId& id, Done done = {});

  /// Told, by whoever made the change and under a lock, when an installation begins to serve and when it
  /// ends: quick, and no call of the vault's.
  using OnServing = std::function<void(const InstallationId& id, bool serves)>;
  /// Precondition: no other thread uses the vault yet.
  void watch_serving(OnServing on_serving);

  // OAuth clients. An uninstalled or revoked installation keeps them; that it gets nothing is decided when
  // they ask.

  /// Null: there is none.
  OAuthClientPtr oauth_client(std::string_view id) const;
  /// In order of ids.
  std::vector<OAuthClientPtr> oauth_clients(const InstallationId& id) const;
  /// The client of that id is now this one. Precondition: a client keeps its installation. Errors: not_found
  /// (no such installation), storage_failed (its record is damaged).
  Result<void> put_oauth_client(OAuthClient client, Done done = {});
  /// Errors: not_found.
  Result<void> erase_oauth_client(std::string_view id, Done done = {});

  // Tokens.

  /// Keeps the token if it lives longer than the one that is held; see `supersedes`. A system token that was
  /// rejected lately is not taken, and gives way to any other. True: it is now the current one. Errors:
  /// not_found (no such installation), forbidden (uninstalled, revoked or not yet approved; for a user
  /// token also: the consent for this user was revoked), storage_failed (its record is
  /// damaged).
  Result<bool> offer_system_token(const InstallationId& id, Secret token, WallTime expires_at, WallTime now,
                                  Done done = {});
  Result<bool> offer_user_token(const InstallationId& id, const AccountId& account, Secret token,
                                WallTime expires_at, WallTime now, Done done = {});
  /// A peer answered 401 to this very token, as it came out of a read. If it is still the current one, the
  /// next other one takes its place before `until`, however short its life, and it does not come back. It is
  /// not forgotten: a 401 need not be its fault, and may heal in a minute (contract 7.1.3, 7.5.1).
  void reject_system_token(const InstallationId& id, const std::shared_ptr<const Token>& token,
                           WallTime until, WallTime now);
  /// Forgets this very token, as it came out of a read, if it is still the current one; true if it was.
  bool drop_user_token(const InstallationId& id, const AccountId& account,
                       const std::shared_ptr<const Token>& rejected, Done done = {});
  /// Forgets tokens that ended before `now`; how many. Meant to run now and then.
  std::size_t sweep(WallTime now);

  // Upkeep.

  /// Adds a new key to the key file and seals every row anew, a few at a time, while everything goes on; or
  /// ends a rotation that was interrupted. `done` comes when the last row is sealed under the active key. A
  /// crash in between leaves both keys in the file, and the next `open` goes on.
  /// Errors: conflict (it is being done), invalid_argument (the keys come from the environment or a
  /// credential: put a new key before the old one there and start again; `open` does the rest).
  Result<void> rotate_key(Done done = {});
  /// Finds out whether the store can still be written, though there may be nothing to write, so that `status`
  /// and the watcher tell one that is gone. Meant to run now and then.
  void probe(Done done = {});
  /// Writes a consistent copy, sealed under the same keys, to a new file. Writes wait meanwhile, reads do
  /// not.
  void backup(std::string path, Done done);
  /// Waits until everything before this call is durable; tries at once even if the store just failed.
  /// Errors: storage_failed, deadline_exceeded, cancelled.
  Result<void> flush(const CallOptions& call = {});
  /// Writes what is left and lets go of the store. Errors: storage_failed (what is in memory only, is lost).
  Result<void> close();

  VaultStatus status() const;
  /// From now on `on_change` is told, on a thread of the vault's own, whenever the store begins to fail, with
  /// why, and whenever it is well again.
  void watch(Done on_change);

 private:
  struct Impl;
  explicit Vault(std::unique_ptr<Impl> impl) noexcept;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tongs::vault
