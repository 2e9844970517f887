#include "vault/rotation.hpp"

#include <span>
#include <utility>

#include "vault/changes.hpp"
#include "vault/key_file.hpp"

namespace tongs::vault {

namespace {

/// Installations in one transaction of a rotation: few enough that other writes hardly wait.
constexpr std::size_t kSlice = 128;

}  // namespace

Rotation::Rotation(Memory& memory, Writer& writer, const Unlocked& unlocked)
    : memory_(memory),
      writer_(writer),
      key_file_(unlocked.key_file),
      active_is_new_(unlocked.active_is_new),
      status_{.active_key = to_string(unlocked.sealer.keys().active().id()),
              .older_keys = unlocked.older_keys} {}

void Rotation::resume_after_open() {
  const Status now = status();
  if (active_is_new_) {
    Change mark = change_of_key_check(now.active_key);
    writer_.submit({&mark, 1}, {});
  }
  if (!now.older_keys.empty()) (void)start({});  // nothing else can have started one
}

Result<void> Rotation::start(Done done) {
  bool new_key = false;
  {
    const std::lock_guard hold(mutex_);
    if (status_.running) return Error(Errc::conflict, "the vault's key is being rotated already");
    new_key = status_.older_keys.empty();
    if (new_key && key_file_.empty()) {
      return Error(Errc::invalid_argument,
                   "these keys do not come from a key file: put a new key before the old one where they come "
                   "from and start again");
    }
    status_.running = true;
  }
  const bool queued = writer_.run([this, new_key, done = std::move(done)](Store&, Sealer& sealer) {
    const auto ready = new_key ? use_new_key(sealer) : Result<void>();
    if (!ready) return end(done, ready);
    write_slice_after(std::nullopt, done);
  });
  if (queued) return {};
  end({}, {});
  return Error(Errc::cancelled, "the vault is closing");
}

Result<void> Rotation::use_new_key(Sealer& sealer) {
  auto key = Key::generate();
  if (!key) return key.error();
  KeyRing ring = sealer.keys().rotated_to(std::move(*key));
  if (auto written = replace_key_file(key_file_, ring); !written) return written;
  sealer = Sealer(std::move(ring));
  Change mark = change_of_key_check(to_string(sealer.keys().active().id()));
  {
    const std::lock_guard hold(mutex_);
    status_.older_keys.push_back(std::exchange(status_.active_key, mark.key.account));
  }
  writer_.submit({&mark, 1}, {});
  return {};
}

void Rotation::write_slice_after(const std::optional<InstallationId>& last, Done done) {
  if (writer_.closing()) return end(done, Error(Errc::cancelled, "the vault is closing"));
  const auto ids = memory_.ids_after(last, kSlice);
  if (ids.empty()) return forget_older_keys(std::move(done));
  for (const InstallationId& id : ids) {
    memory_.read(id, [&](const Entry* entry) {
      if (entry == nullptr) return;
      auto changes = all_rows(id, *entry);
      writer_.submit(changes, {});
    });
  }
  writer_.submit({}, [this, end_of_slice = ids.back(), done = std::move(done)](const Result<void>& written) {
    if (!written) return end(done, written);
    write_slice_after(end_of_slice, done);
  });
}

void Rotation::forget_older_keys(Done done) {
  std::vector<Change> changes;
  for (const std::string& key_id : status().older_keys) {
    changes.push_back(erased(change_of_key_check(key_id)));
  }
  writer_.submit(changes, [this, done = std::move(done)](const Result<void>& written) {
    if (written) {
      const std::lock_guard hold(mutex_);
      status_.older_keys.clear();
    }
    end(done, written);
  });
}

void Rotation::end(const Done& done, const Result<void>& outcome) {
  {
    const std::lock_guard hold(mutex_);
    status_.running = false;
  }
  if (done) done(outcome);
}

Rotation::Status Rotation::status() const {
  const std::lock_guard hold(mutex_);
  return status_;
}

}  // namespace tongs::vault
