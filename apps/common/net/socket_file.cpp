#include "common/net/socket_file.hpp"

#include <utility>

#include <sys/stat.h>
#include <unistd.h>

#include "common/net/sockets.hpp"

namespace tongs::net {

void SocketFile::remove_stale(const std::string& path) {
  struct stat status{};
  if (::lstat(path.c_str(), &status) != 0 || !S_ISSOCK(status.st_mode)) return;
  Context context;
  Socket<Unix> probe(context);
  error_code failed;
  probe.connect(Unix::endpoint(path), failed);
  if (failed == asio::error::connection_refused) ::unlink(path.c_str());
}

SocketFile::SocketFile(std::string path) : path_(std::move(path)) {
  struct stat status{};
  if (::stat(path_.c_str(), &status) != 0) path_.clear();
  device_ = status.st_dev;
  inode_ = status.st_ino;
}

SocketFile::SocketFile(SocketFile&& other) noexcept
    : path_(std::exchange(other.path_, {})), device_(other.device_), inode_(other.inode_) {}

SocketFile::~SocketFile() {
  struct stat status{};
  const bool is_there = !path_.empty() && ::stat(path_.c_str(), &status) == 0;
  if (is_there && status.st_dev == device_ && status.st_ino == inode_) ::unlink(path_.c_str());
}

}  // namespace tongs::net
