#include "gateway/ingress/access_log.hpp"

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

#include "http/timestamp.hpp"
#include "json/writer.hpp"

namespace tongs::gateway {

namespace {

constexpr std::size_t kFull = 32 * 1024;
constexpr std::chrono::milliseconds kLongest{500};  ///< until a line is in the file

int open_for_append(const std::string& path) noexcept {
  return ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
}

Error cannot_open() {
  return {Errc::storage_failed,
          "the access log cannot be opened: is its directory there, and may we write to it?"};
}

}  // namespace

Result<std::shared_ptr<AccessLogFile>> AccessLogFile::open(std::string path) {
  const int descriptor = open_for_append(path);
  if (descriptor < 0) return cannot_open();
  return std::shared_ptr<AccessLogFile>(new AccessLogFile(std::move(path), descriptor));
}

AccessLogFile::~AccessLogFile() { ::close(descriptor_); }

Result<void> AccessLogFile::reopen() {
  const int fresh = open_for_append(path_);
  if (fresh < 0) return cannot_open();
  // Under the old number, so that a worker that is just writing never meets a closed file.
  const int moved = ::dup3(fresh, descriptor_, O_CLOEXEC);
  ::close(fresh);
  if (moved < 0) return cannot_open();
  return {};
}

void AccessLogFile::append(std::string_view lines) noexcept {
  while (!lines.empty()) {
    const ssize_t written = ::write(descriptor_, lines.data(), lines.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      lost_.fetch_add(1, std::memory_order_relaxed);
      return;
    }
    lines.remove_prefix(static_cast<std::size_t>(written));
  }
}

class AccessLog::Flusher final : private net::Deadline {
 public:
  Flusher(net::Reactor& reactor, AccessLog& log) : Deadline(reactor.watch), log_(log) {}
  void soon() noexcept { expires_after(kLongest); }

 private:
  void expired() override { log_.flush(); }
  AccessLog& log_;
};

AccessLog::AccessLog(net::Reactor& reactor, std::shared_ptr<AccessLogFile> file, bool personal)
    : file_(std::move(file)), personal_(personal), flusher_(std::make_unique<Flusher>(reactor, *this)) {}

AccessLog::~AccessLog() { flush(); }

void AccessLog::add(const AccessRecord& record) {
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  JsonWriter line;
  line.open_object().name("time").string(detail::format_iso_time(now));
  line.name("method").string(record.method).name("path").string(record.path);
  line.name("status").integer(record.status).name("bytes").integer(static_cast<std::int64_t>(record.bytes));
  line.name("duration_us")
      .integer(std::chrono::duration_cast<std::chrono::microseconds>(record.duration).count());
  line.name("verdict").string(record.verdict);
  if (record.invocation) {
    const FitClaims& claims = record.invocation->claims();
    line.name("installation").string(claims.installation.bare()).name("module").string(claims.module_key);
    if (personal_ && claims.account) line.name("account").string(claims.account->str());
  }
  if (!record.trace_id.empty()) line.name("trace_id").string(record.trace_id);
  if (personal_) line.name("peer").string(record.peer);
  line.close_object();
  if (lines_.empty()) flusher_->soon();
  lines_.append(line.text()).append("\n");
  if (lines_.size() >= kFull) flush();
}

void AccessLog::flush() noexcept {
  file_->append(lines_);
  lines_.clear();
}

}  // namespace tongs::gateway
