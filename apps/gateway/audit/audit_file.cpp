#include "gateway/audit/audit_file.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tongs::gateway {

namespace {

constexpr std::string_view kLineStart = R"({"seq":)";

Error failed(const std::string& path, std::string_view what) {
  return {Errc::storage_failed, "the audit log " + path + " " + std::string(what)};
}

/// The last bytes of the file, enough for a torn line and a whole one before it.
Result<std::string> read_tail(int descriptor, std::uint64_t size, const std::string& path) {
  std::string tail(static_cast<std::size_t>(std::min<std::uint64_t>(size, 2 * kLongestAuditLine)), '\0');
  std::size_t got = 0;
  while (got < tail.size()) {
    const auto from = static_cast<::off_t>(size - tail.size() + got);
    const ::ssize_t piece = ::pread(descriptor, tail.data() + got, tail.size() - got, from);
    if (piece < 0 && errno == EINTR) continue;
    if (piece <= 0) return failed(path, "cannot be read");
    got += static_cast<std::size_t>(piece);
  }
  return tail;
}

/// May these bytes behind the last line end be the beginning of a line of ours?
bool may_be_torn(std::string_view rest) {
  const std::string_view begun = rest.substr(0, kLineStart.size());
  return rest.size() <= kLongestAuditLine && kLineStart.starts_with(begun);
}

Error no_chain(const std::string& path) {
  return failed(path,
                "does not end with a line of an audit chain: 'tongs audit verify' says where it breaks; move "
                "it away to begin a new one");
}

}  // namespace

Result<AuditFile> AuditFile::open(const std::string& path, ChainEnd before) {
  const int descriptor =
      ::open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
  if (descriptor < 0)
    return failed(path, "cannot be opened: is its directory there, and may we write to it?");
  AuditFile file(path, descriptor);
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    return Error(Errc::conflict,
                 "the audit log " + path + " is written by another process: give each gateway its own");
  }
  if (auto found = file.find_end(std::move(before)); !found) return std::move(found).error();
  return file;
}

Result<void> AuditFile::find_end(ChainEnd before) {
  struct stat status{};
  if (::fstat(descriptor_, &status) != 0 || !S_ISREG(status.st_mode)) {
    return failed(path_, "is not a regular file");
  }
  end_ = std::move(before);
  const auto size = static_cast<std::uint64_t>(status.st_size);
  auto tail = read_tail(descriptor_, size, path_);
  if (!tail) return std::move(tail).error();
  const std::size_t whole = tail->rfind('\n') + 1;  // 0 if there is none
  const std::string_view rest = std::string_view(*tail).substr(whole);
  if (!rest.empty()) {
    if (!may_be_torn(rest)) return no_chain(path_);
    cut_to_ = static_cast<std::int64_t>(size - rest.size());
    if (auto cut = cut_off(); !cut) return cut;
    torn_ = rest.size();
  }
  if (whole == 0) return {};
  const std::string_view lines = std::string_view(*tail).substr(0, whole - 1);
  const auto last = read_audit_line(lines.substr(lines.rfind('\n') + 1));
  if (!last) return no_chain(path_);
  end_ = last->end;
  return {};
}

AuditFile::AuditFile(AuditFile&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      end_(std::move(other.end_)),
      torn_(other.torn_),
      cut_to_(other.cut_to_) {}

AuditFile& AuditFile::operator=(AuditFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(descriptor_, other.descriptor_);
  std::swap(end_, other.end_);
  std::swap(torn_, other.torn_);
  std::swap(cut_to_, other.cut_to_);
  return *this;
}

AuditFile::~AuditFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool AuditFile::is_in_place() const {
  struct stat here{}, there{};
  return ::fstat(descriptor_, &here) == 0 && ::stat(path_.c_str(), &there) == 0 &&
         here.st_dev == there.st_dev && here.st_ino == there.st_ino;
}

Result<void> AuditFile::append(std::string_view lines, const ChainEnd& end, bool sync) {
  if (auto whole = cut_off(); !whole) return whole;
  struct stat status{};
  if (::fstat(descriptor_, &status) != 0) return failed(path_, "cannot be read");
  auto written = write(lines);
  if (written && sync && ::fdatasync(descriptor_) != 0) {
    written = failed(path_, "could not be brought to its disk");
  }
  if (written) {
    end_ = end;
    return {};
  }
  cut_to_ = status.st_size;
  (void)cut_off();  // if it cannot be, the next lines wait until it can
  return written;
}

Result<void> AuditFile::cut_off() {
  if (!cut_to_) return {};
  if (::ftruncate(descriptor_, *cut_to_) != 0)
    return failed(path_, "has a torn last line that cannot be cut off");
  cut_to_.reset();
  return {};
}

Result<void> AuditFile::write(std::string_view lines) const {
  while (!lines.empty()) {
    const ::ssize_t written = ::write(descriptor_, lines.data(), lines.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      const bool full = errno == ENOSPC || errno == EDQUOT;
      return failed(path_,
                    full ? "cannot be written, its disk is full: free some space" : "cannot be written");
    }
    lines.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

}  // namespace tongs::gateway
