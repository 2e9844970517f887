#include "emulator/state_folder.hpp"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tongs::emulator {

namespace {

std::string reason() { return std::generic_category().message(errno); }

Error failed(const char* what) { return {Errc::storage_failed, std::string(what) + ": " + reason()}; }

/// A file descriptor that is closed at the end.
class File {
 public:
  File(const std::string& path, int flags) : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  bool is_open() const noexcept { return descriptor_ >= 0; }
  int get() const noexcept { return descriptor_; }

 private:
  int descriptor_;
};

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const auto written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(file) == 0;
}

}  // namespace

Result<std::string> read_file(const std::string& path) {
  const File file(path, O_RDONLY);
  if (!file.is_open()) return Error(Errc::invalid_argument, "the file cannot be read: " + reason());
  std::string text;
  char piece[16 * 1024];
  for (;;) {
    const auto got = ::read(file.get(), piece, sizeof piece);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Error(Errc::invalid_argument, "the file cannot be read: " + reason());
    if (got == 0) return text;
    text.append(piece, static_cast<std::size_t>(got));
  }
}

Result<std::unique_ptr<StateFolder>> StateFolder::open(const std::string& path) {
  std::error_code made;
  std::filesystem::create_directories(path, made);
  if (made) return Error(Errc::invalid_argument, "the state folder cannot be made: " + made.message());
  const int lock = ::open((path + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0) return Error(Errc::invalid_argument, "the state folder cannot be used: " + reason());
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    ::close(lock);
    return Error(Errc::conflict, "another emulator is using the state folder");
  }
  return std::unique_ptr<StateFolder>(new StateFolder(path, lock));
}

StateFolder::~StateFolder() { ::close(lock_); }

Result<std::optional<std::string>> StateFolder::read() const {
  const std::string path = path_ + "/state.json";
  if (::access(path.c_str(), F_OK) != 0 && errno == ENOENT) return std::optional<std::string>();
  auto text = read_file(path);
  if (!text)
    return Error(Errc::storage_failed, "the saved state cannot be read").with_cause(std::move(text).error());
  return std::optional(*std::move(text));
}

Result<void> StateFolder::write(const std::string& text) const {
  const std::string path = path_ + "/state.json", fresh = path + ".new";
  {
    const File file(fresh, O_WRONLY | O_CREAT | O_TRUNC);
    if (!file.is_open()) return failed("the state cannot be saved");
    if (!write_all(file.get(), text)) return failed("the state cannot be saved");
  }
  if (std::rename(fresh.c_str(), path.c_str()) != 0) return failed("the state cannot be saved");
  return {};
}

}  // namespace tongs::emulator
