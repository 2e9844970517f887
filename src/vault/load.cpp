#include "vault/load.hpp"

#include <string>
#include <utility>

#include "vault/oauth_client_codec.hpp"
#include "vault/row_codec.hpp"

namespace tongs::vault {

namespace {

class Loader {
 public:
  Loader(Sealer& sealer, Memory& memory) : sealer_(sealer), memory_(memory) {}

  /// False: the row is of no use.
  bool take(const RowView& row) {
    const auto id = InstallationId::parse(row.installation);
    if (!id) return false;
    switch (row.kind) {
      case RowKind::installation:
        return take_installation(*id, row);
      case RowKind::system_token:
        return take_token(*id, nullptr, row);
      case RowKind::user_token: {
        const auto account = AccountId::parse(row.account);
        return account && take_token(*id, &*account, row);
      }
      case RowKind::user_consent: {
        const auto account = AccountId::parse(row.account);
        return account && take_consent(*id, *account, row);
      }
      case RowKind::oauth_client:
        return take_client(*id, row);
      case RowKind::key_check:
        break;
    }
    return false;
  }

 private:
  /// The row's content in `plain_`, which the caller wipes.
  bool open(const RowView& row) {
    associated_data(row.kind, row.installation, row.account, row.ends_at, bound_to_);
    return sealer_.open(row.sealed, bound_to_, plain_).has_value();
  }

  bool take_installation(const InstallationId& id, const RowView& row) {
    InstallationPtr record;
    if (open(row)) {
      auto decoded = decode_installation(id, plain_);
      tongs::wipe(plain_);
      if (decoded) record = std::make_shared<const Installation>(std::move(*decoded));
    }
    memory_.edit(id, [&](Entry& entry) {
      entry.damaged = record == nullptr;
      entry.installation = record;
    });
    return record != nullptr;
  }

  bool take_token(const InstallationId& id, const AccountId* account, const RowView& row) {
    if (!open(row)) return false;
    auto decoded = decode_token(WallTime(std::chrono::seconds(row.ends_at)), plain_);
    tongs::wipe(plain_);
    if (!decoded) return false;
    auto token = std::make_shared<const Token>(std::move(*decoded));
    memory_.edit(id, [&](Entry& entry) {
      (account == nullptr ? entry.system_token : entry.user_tokens[*account]) = std::move(token);
    });
    return true;
  }

  /// One that does not open may have said that it was revoked.
  bool take_consent(const InstallationId& id, const AccountId& account, const RowView& row) {
    UserConsent consent{.revoked = true};
    bool readable = false;
    if (open(row)) {
      const auto decoded = decode_user_consent(plain_);
      readable = decoded.has_value();
      if (readable) consent = *decoded;
    }
    memory_.edit(
        id, [&](Entry& entry) { entry.consents[account] = std::make_shared<const UserConsent>(consent); });
    return readable;
  }

  bool take_client(const InstallationId& id, const RowView& row) {
    if (!open(row)) return false;
    auto decoded = decode_oauth_client(id, row.account, plain_);
    tongs::wipe(plain_);
    if (!decoded) return false;
    auto client = std::make_shared<const OAuthClient>(std::move(*decoded));
    memory_.edit(id, [&](Entry& entry) { entry.clients[client->id] = client; });
    return true;
  }

  Sealer& sealer_;
  Memory& memory_;
  std::string bound_to_;
  std::string plain_;
};

bool holds_a_token(RowKind kind) noexcept {
  return kind == RowKind::system_token || kind == RowKind::user_token;
}

Change erasure_of(const RowView& row) {
  return {{row.kind, std::string(row.installation), std::string(row.account)}, Erased{}};
}

}  // namespace

Result<Loaded> load_rows(Store& store, Sealer& sealer, Memory& memory) {
  Loaded loaded;
  Loader loader(sealer, memory);
  auto read = store.load([&](const RowView& row) {
    if (loader.take(row)) return;
    ++loaded.unreadable;
    if (holds_a_token(row.kind)) loaded.erasures.push_back(erasure_of(row));
  });
  if (!read) return read.error();
  memory.edit_all([&](const InstallationId& id, Entry& entry) {
    if (!entry.installation || !entry.installation->serves()) wipe_tokens(id, entry, loaded.erasures);
    for (const auto& [account, consent] : entry.consents) {
      if (consent->revoked) wipe_user_token(id, account, entry, loaded.erasures);
    }
  });
  return loaded;
}

}  // namespace tongs::vault
