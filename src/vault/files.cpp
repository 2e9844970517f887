#include "vault/files.hpp"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tongs::vault {

namespace {

constexpr std::size_t kMaxSecretFile = std::size_t{64} * 1024;

class Descriptor {
 public:
  explicit Descriptor(int fd) noexcept : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const noexcept { return fd_; }
  explicit operator bool() const noexcept { return fd_ >= 0; }

 private:
  int fd_;
};

/// A temporary file that goes away unless its name was given up.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& beside)
      : name_(beside + ".XXXXXX"), file_(::mkostemp(name_.data(), O_CLOEXEC)) {}
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (file_ && !renamed_) ::unlink(name_.c_str());
  }
  explicit operator bool() const noexcept { return static_cast<bool>(file_); }
  int fd() const noexcept { return file_.get(); }
  /// Atomic, and never over something that is there: EEXIST then.
  bool link_to(const std::string& path) const noexcept { return ::link(name_.c_str(), path.c_str()) == 0; }
  bool rename_to(const std::string& path) noexcept {
    renamed_ = ::rename(name_.c_str(), path.c_str()) == 0;
    return renamed_;
  }

 private:
  std::string name_;
  Descriptor file_;
  bool renamed_ = false;
};

bool write_all(int fd, std::string_view content) noexcept {
  while (!content.empty()) {
    const auto written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

/// A new name is durable only once its directory is.
bool sync_directory_of(const std::string& path) {
  auto directory = std::filesystem::path(path).parent_path();
  if (directory.empty()) directory = ".";
  const Descriptor fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return fd && ::fsync(fd.get()) == 0;
}

Error not_written(const std::string& path) {
  return {Errc::storage_failed,
          path + " could not be written: look at its directory's permissions and free space"};
}

Result<void> check_owner_and_mode(const std::string& path, const struct stat& status) {
  if (status.st_uid != ::geteuid() && status.st_uid != 0) {
    return Error(Errc::forbidden, path + " holds a secret and belongs to another user: chown it");
  }
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Error(Errc::forbidden, path + " holds a secret and is open to group or others: chmod 600 it");
  }
  return {};
}

}  // namespace

Result<bool> create_private_file(const std::string& path) {
  const Descriptor fd(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (!fd && errno == EEXIST) return false;
  if (!fd || !sync_directory_of(path)) return not_written(path);
  return true;
}

Result<void> write_private_file(const std::string& path, std::string_view content, Replace replace) {
  TemporaryFile file(path);
  if (!file || !write_all(file.fd(), content) || ::fsync(file.fd()) != 0) return not_written(path);
  if (replace == Replace::yes) {
    if (!file.rename_to(path)) return not_written(path);
  } else if (!file.link_to(path)) {
    if (errno == EEXIST) return Error(Errc::conflict, path + " is there already");
    return not_written(path);
  }
  if (!sync_directory_of(path)) return not_written(path);
  return {};
}

Result<Secret> read_private_file(const std::string& path, Guard guard) {
  const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd && errno == ENOENT) return Error(Errc::not_found, path + " is not there");
  if (!fd) return Error(Errc::storage_failed, path + " cannot be opened for reading");
  struct stat status{};
  if (::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return Error(Errc::storage_failed, path + " is not a regular file");
  }
  if (guard == Guard::mode) {
    if (auto checked = check_owner_and_mode(path, status); !checked) return checked.error();
  }
  std::string content(kMaxSecretFile + 1, '\0');
  std::size_t size = 0;
  while (size < content.size()) {
    const auto got = ::read(fd.get(), content.data() + size, content.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      tongs::wipe(content);
      return Error(Errc::storage_failed, path + " cannot be read");
    }
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  Secret secret(std::string_view(content).substr(0, size));
  tongs::wipe(content);
  if (size > kMaxSecretFile) {
    return Error(Errc::storage_failed,
                 path + " is larger than 64 KiB: it should hold a secret and nothing else");
  }
  return secret;
}

}  // namespace tongs::vault
