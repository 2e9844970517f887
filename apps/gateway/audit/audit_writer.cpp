#include "gateway/audit/audit_writer.hpp"

#include "common/log.hpp"

namespace tongs::gateway {

Result<std::shared_ptr<AuditWriter>> AuditWriter::open(AuditOptions options) {
  auto file = AuditFile::open(options.path);
  if (!file) return std::move(file).error();
  if (file->torn() > 0) {
    log::warn("the last line of the audit log was not written to its end, and was cut off",
              {{"file", options.path}, {"bytes", std::to_string(file->torn())}});
  }
  return std::shared_ptr<AuditWriter>(new AuditWriter(std::move(options), *std::move(file)));
}

AuditWriter::AuditWriter(AuditOptions options, AuditFile file)
    : options_(std::move(options)), file_(std::move(file)), end_(file_.end()) {
  add({.kind = AuditKind::log_started, .actor = "gateway"});
  thread_ = std::thread([this] { work(); });
}

AuditWriter::~AuditWriter() {
  {
    const std::lock_guard hold(mutex_);
    closing_ = true;
    wake_.notify_one();
  }
  thread_.join();
  if (const std::size_t lost = status().waiting; lost > 0) {
    log::error("the gateway ends and the audit log could not be written",
               {{"file", options_.path}, {"lines_lost", std::to_string(lost)}});
  }
}

void AuditWriter::add(AuditEvent event) {
  const std::lock_guard hold(mutex_);
  if (queue_.size() >= options_.queue && !is_essential(event)) {
    ++missed_;
    ++missed_unsaid_;
    return;
  }
  queue_.emplace_back(options_.now(), std::move(event));
  wake_.notify_one();
}

void AuditWriter::reopen() {
  const std::lock_guard hold(mutex_);
  reopen_ = true;
  wake_.notify_one();
}

Result<void> AuditWriter::flush() {
  std::unique_lock hold(mutex_);
  const auto mine = ++asked_;
  wake_.notify_one();
  tried_.wait(hold, [&] { return answered_ >= mine; });
  if (failure_) return *failure_;
  return {};
}

AuditWriter::Status AuditWriter::status() const {
  const std::lock_guard hold(mutex_);
  return {.failure = failure_, .waiting = queue_.size() + in_hand_, .lines = lines_, .missed = missed_};
}

void AuditWriter::work() {
  for (bool last = false; !last;) {
    const Work next = wait_for_work();
    if (next.reopen) open_anew();
    make_lines(next.events);
    note(write(), next);
    const std::lock_guard hold(mutex_);
    last = closing_ && (queue_.empty() || failure_);
  }
}

/// While lines wait for a disk that fails, the queue is left alone: it is the one that has a bound.
AuditWriter::Work AuditWriter::wait_for_work() {
  std::unique_lock hold(mutex_);
  const auto called = [this] { return closing_ || reopen_ || asked_ > answered_; };
  if (failure_) {
    wake_.wait_for(hold, options_.retry_pause, called);
  } else {
    wake_.wait(hold, [&] { return called() || !queue_.empty(); });
  }
  Work next;
  next.reopen = std::exchange(reopen_, false);
  next.asked = asked_;
  next.took_queue = unwritten_.empty();
  if (!next.took_queue) return next;
  next.events.swap(queue_);
  if (missed_unsaid_ > 0) {
    AuditEvent gap{.kind = AuditKind::lines_missed, .actor = "gateway"};
    gap.reason = std::to_string(std::exchange(missed_unsaid_, 0)) + " lines: the disk could not follow";
    next.events.emplace_back(options_.now(), std::move(gap));
  }
  in_hand_ = next.events.size();
  return next;
}

void AuditWriter::open_anew() {
  if (file_.is_in_place()) return;
  // Lines that the old file did not take yet go on from its end all the same.
  auto fresh = AuditFile::open(options_.path, file_.end());
  if (!fresh) {
    log::error("the audit log goes on in its old file", {{"reason", fresh.error().describe()}});
  } else if (fresh->end() != file_.end()) {
    log::error("the audit log goes on in its old file: the new one holds another chain",
               {{"file", options_.path}});
  } else {
    file_ = *std::move(fresh);
  }
}

void AuditWriter::make_lines(const std::vector<Event>& events) {
  for (const auto& [time, event] : events) {
    unwritten_ += audit_line(end_, event, time);
    ++unwritten_lines_;
    if (event.kind == AuditKind::lines_missed)
      log::error("audit lines are missing", {{"how_many", event.reason}});
  }
}

Result<void> AuditWriter::write() {
  if (unwritten_.empty()) return {};
  return file_.append(unwritten_, end_, options_.sync);
}

void AuditWriter::note(const Result<void>& outcome, const Work& done) {
  const std::lock_guard hold(mutex_);
  if (outcome) {
    lines_ += std::exchange(unwritten_lines_, 0);
    unwritten_.clear();
    in_hand_ = 0;
    if (failure_) log::info("the audit log can be written again", {{"file", options_.path}});
    failure_.reset();
  } else {
    if (!failure_) {
      log::error("the audit log cannot be written: its lines wait in memory",
                 {{"reason", outcome.error().describe()}});
    }
    failure_ = outcome.error();
  }
  if (done.took_queue || !outcome) answered_ = done.asked;
  tried_.notify_all();
}

}  // namespace tongs::gateway
