#include "vault/writer.hpp"

#include <algorithm>
#include <utility>

#include "vault/oauth_client_codec.hpp"
#include "vault/row_codec.hpp"

namespace tongs::vault {

namespace {

struct Outcome {
  std::mutex mutex;
  std::condition_variable_any known;
  std::optional<Result<void>> result;
};

std::int64_t ends_at(const Change::Content& content) noexcept {
  const auto* token = std::get_if<TokenPtr>(&content);
  return token == nullptr ? 0 : (*token)->expires_at.time_since_epoch().count();
}

void encode_content(const Change::Content& content, std::string& out) {
  if (const auto* installation = std::get_if<InstallationPtr>(&content)) {
    encode(**installation, out);
  } else if (const auto* token = std::get_if<TokenPtr>(&content)) {
    encode(**token, out);
  } else if (const auto* consent = std::get_if<ConsentPtr>(&content)) {
    encode(**consent, out);
  } else if (const auto* client = std::get_if<OAuthClientPtr>(&content)) {
    encode(**client, out);
  } else {
    out.clear();
  }
}

}  // namespace

Writer::Writer(std::unique_ptr<Store> store, Sealer sealer, std::chrono::milliseconds retry_pause)
    : store_(std::move(store)), sealer_(std::move(sealer)), retry_pause_(retry_pause) {
  thread_ = std::thread([this] { work(); });
}

Writer::~Writer() { (void)close(); }  // who wants to know calls close()

void Writer::submit(std::span<Change> changes, Done done) {
  enqueue(changes, std::move(done), Urgency::normal);
}

void Writer::probe(Done done) { enqueue({}, std::move(done), Urgency::probe); }

void Writer::enqueue(std::span<Change> changes, Done done, Urgency urgency) {
  {
    const std::lock_guard hold(mutex_);
    if (!ended_) {
      for (Change& change : changes) {
        pending_.insert_or_assign(std::move(change.key), std::move(change.content));
      }
      if (done) waiting_.push_back(std::move(done));
      urgency_ = std::max(urgency_, urgency);
      wake_.notify_one();
      return;
    }
  }
  if (done) done(Error(Errc::cancelled, "the vault is closed"));
}

bool Writer::run(Job job) {
  const std::lock_guard hold(mutex_);
  if (closing_) return false;
  jobs_.push_back(std::move(job));
  wake_.notify_one();
  return true;
}

void Writer::watch(Done on_change) {
  const std::lock_guard hold(mutex_);
  on_change_ = std::move(on_change);
}

Result<void> Writer::flush(const CallOptions& call) {
  auto outcome = std::make_shared<Outcome>();
  enqueue(
      {},
      [outcome](const Result<void>& result) {
        const std::lock_guard hold(outcome->mutex);
        outcome->result = result;
        outcome->known.notify_all();
      },
      Urgency::at_once);
  std::unique_lock hold(outcome->mutex);
  outcome->known.wait_until(hold, call.stop, call.deadline, [&] { return outcome->result.has_value(); });
  if (outcome->result) return *outcome->result;
  if (call.stop.stop_requested()) return Error(Errc::cancelled, "the wait for the vault was cancelled");
  return Error(Errc::deadline_exceeded, "the vault did not write in time");
}

Result<void> Writer::close() {
  {
    const std::lock_guard hold(mutex_);
    closing_ = true;
    wake_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
  const std::lock_guard hold(mutex_);
  if (!pending_.empty()) return *failure_;
  return {};
}

bool Writer::closing() const {
  const std::lock_guard hold(mutex_);
  return closing_;
}

Writer::Status Writer::status() const {
  const std::lock_guard hold(mutex_);
  return {.failure = failure_,
          .unsaved = pending_.size() + in_flight_,
          .transactions = transactions_,
          .rows = rows_};
}

void Writer::work() {
  std::unique_lock hold(mutex_);
  while (!ended_) {
    wait_for_work(hold);
    run_jobs(hold);
    const bool last = closing_;
    commit_pending(hold);
    ended_ = last && jobs_.empty() && waiting_.empty() && (pending_.empty() || failure_);
  }
  store_.reset();
}

bool Writer::has_work() const {
  return closing_ || urgency_ != Urgency::normal || !jobs_.empty() || !waiting_.empty() ||
         (!pending_.empty() && may_try());
}

void Writer::wait_for_work(std::unique_lock<std::mutex>& hold) {
  while (!has_work()) {
    if (pending_.empty()) {
      wake_.wait(hold);
    } else {
      wake_.wait_until(hold, next_try_);
    }
  }
}

void Writer::run_jobs(std::unique_lock<std::mutex>& hold) {
  if (jobs_.empty()) return;
  auto jobs = std::exchange(jobs_, {});
  hold.unlock();
  for (const Job& job : jobs) job(*store_, sealer_);
  jobs.clear();
  hold.lock();
}

bool Writer::may_try() const {
  return !failure_ || urgency_ != Urgency::normal || closing_ ||
         std::chrono::steady_clock::now() >= next_try_;
}

void Writer::commit_pending(std::unique_lock<std::mutex>& hold) {
  auto waiting = std::exchange(waiting_, {});
  Result<void> outcome = failure_ ? Result<void>(*failure_) : Result<void>();
  Done told;
  const bool tries = urgency_ == Urgency::probe || (!pending_.empty() && may_try());
  urgency_ = Urgency::normal;
  if (tries) {
    auto changes = std::exchange(pending_, {});
    in_flight_ = changes.size();
    hold.unlock();
    outcome = write(changes);
    hold.lock();
    in_flight_ = 0;
    if (note_outcome(outcome, std::move(changes))) told = on_change_;
  }
  hold.unlock();
  if (told) told(outcome);
  for (const Done& done : waiting) done(outcome);
  waiting.clear();
  hold.lock();
}

/// Is it another than before?
bool Writer::note_outcome(const Result<void>& outcome, Pending changes) {
  const bool changed = failure_.has_value() == outcome.has_value();
  if (outcome) {
    failure_.reset();
    if (!changes.empty()) ++transactions_;
    rows_ += changes.size();
    return changed;
  }
  failure_ = outcome.error();
  next_try_ = std::chrono::steady_clock::now() + retry_pause_;
  pending_.merge(changes);  // what came in meanwhile is newer and stays
  return changed;
}

Result<void> Writer::write(const Pending& changes) {
  auto outcome = store_->begin();
  for (auto change = changes.begin(); outcome && change != changes.end(); ++change) {
    outcome = write_row(change->first, change->second);
  }
  if (outcome) outcome = store_->commit();
  if (!outcome) store_->rollback();
  return outcome;
}

Result<void> Writer::write_row(const RowKey& key, const Change::Content& content) {
  if (std::holds_alternative<Erased>(content)) return store_->erase(key);
  const RowView row{.kind = key.kind,
                    .installation = key.installation,
                    .account = key.account,
                    .ends_at = ends_at(content),
                    .sealed = {}};
  associated_data(row.kind, row.installation, row.account, row.ends_at, bound_to_);
  encode_content(content, plain_);
  const auto sealed = sealer_.seal(plain_, bound_to_, sealed_);
  tongs::wipe(plain_);
  if (!sealed) return sealed.error();
  RowView whole = row;
  whole.sealed = sealed_;
  return store_->put(whole);
}

}  // namespace tongs::vault
