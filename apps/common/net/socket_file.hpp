#pragma once
#include <string>

#include <sys/types.h>

namespace tongs::net {

/// The file by which a listening Unix socket is found. Thread safety: none.
class SocketFile {
 public:
  /// Removes what a process that was killed left at `path`: a socket file that nobody listens on. Any other
  /// file stays.
  static void remove_stale(const std::string& path);

  /// `path`: where a socket was bound just now.
  explicit SocketFile(std::string path);
  /// Removes the file, if it is still that one: whoever listens there by now put another in its place.
  ~SocketFile();
  SocketFile(SocketFile&& other) noexcept;
  SocketFile& operator=(SocketFile&&) = delete;

 private:
  std::string path_;  ///< empty: moved from
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

}  // namespace tongs::net
