#include "vault/unlock.hpp"

#include <utility>

#include "vault/row_codec.hpp"

namespace tongs::vault {

namespace {

struct Found {
  FoundKeys keys;
  bool created;
};

Result<Found> create(const std::string& key_file) {
  auto key = Key::generate();
  if (!key) return key.error();
  FoundKeys keys{KeyRing(std::move(*key)), true};
  if (auto written = create_key_file(key_file, keys.ring); !written) return written.error();
  return Found{std::move(keys), true};
}

Result<Found> find_or_create(bool store_is_new, const KeyPlaces& places) {
  auto keys = read_keys(places);
  if (keys) return Found{std::move(*keys), false};
  if (keys.error().code() != Errc::not_found) return keys.error();
  if (!store_is_new) {
    return Error(Errc::storage_failed,
                 "this vault is sealed and its keys are not there: without them it is of no use; restore the "
                 "key file, or move the vault away to start a new one")
        .with_cause(std::move(keys).error());
  }
  if (places.file.empty()) return std::move(keys).error();
  return create(places.file);
}

Result<void> check(Sealer& sealer, const KeyCheck& check) {
  std::string bound_to;
  std::string plain;
  associated_data(RowKind::key_check, {}, check.key_id, 0, bound_to);
  auto opened = sealer.open(check.sealed, bound_to, plain);
  if (opened) return {};
  return Error(Errc::storage_failed, "the keys are not the ones that this vault is sealed under")
      .with_cause(std::move(opened).error());
}

}  // namespace

Result<Unlocked> unlock(const std::vector<KeyCheck>& checks, const KeyPlaces& places) {
  auto found = find_or_create(checks.empty(), places);
  if (!found) return found.error();
  Unlocked unlocked{.sealer = Sealer(std::move(found->keys.ring)),
                    .key_file = found->keys.in_file ? places.file : std::string(),
                    .active_is_new = true,
                    .key_file_created = found->created,
                    .store_missed = checks.empty() && found->keys.in_file && !found->created};
  const std::string active = to_string(unlocked.sealer.keys().active().id());
  for (const KeyCheck& row : checks) {
    if (auto fits = check(unlocked.sealer, row); !fits) return fits.error();
    if (row.key_id == active) {
      unlocked.active_is_new = false;
    } else {
      unlocked.older_keys.push_back(row.key_id);
    }
  }
  return unlocked;
}

Result<Unlocked> unlock_in_memory() {
  auto key = Key::generate();
  if (!key) return key.error();
  return Unlocked{.sealer = Sealer(KeyRing(std::move(*key))), .active_is_new = true};
}

}  // namespace tongs::vault
