#include "cli/git.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <vector>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tongs::cli {

namespace {

/// Closes itself; what reads a pipe to its end must not hold the side that writes.
class PipeEnd {
 public:
  explicit PipeEnd(int number) noexcept : number_(number) {}
  ~PipeEnd() { close(); }
  PipeEnd(const PipeEnd&) = delete;
  PipeEnd& operator=(const PipeEnd&) = delete;
  int number() const noexcept { return number_; }
  void close() noexcept {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
  }

 private:
  int number_;
};

std::string read_to_end(int descriptor, std::size_t max_bytes) {
  std::string content;
  std::array<char, 16 * 1024> block{};
  for (;;) {
    const ssize_t count = read(descriptor, block.data(), block.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return content;
    content.append(block.data(), std::min(static_cast<std::size_t>(count), max_bytes + 1 - content.size()));
  }
}

/// Starts the command with its standard output in the pipe.
bool start(std::vector<std::string>& words, int output, pid_t& child) {
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  if (posix_spawn_file_actions_init(&actions) != 0) return false;
  const bool started =
      posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO) == 0 &&
      posix_spawnp(&child, arguments.front(), &actions, nullptr, arguments.data(), environ) == 0;
  posix_spawn_file_actions_destroy(&actions);
  return started;
}

bool ended_well(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return false;
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

Result<std::string> git_show(const std::string& file, const std::string& revision, std::size_t max_bytes) {
  if (revision.starts_with('-')) return Error{Errc::invalid_argument, "a revision does not start with '-'"};
  const std::filesystem::path path(file);
  const std::string folder = path.has_parent_path() ? path.parent_path().string() : ".";
  std::vector<std::string> words{"git", "-C", folder, "show", revision + ":./" + path.filename().string()};
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return Error{Errc::internal, "no pipe can be opened"};
  PipeEnd reader(ends[0]);
  PipeEnd writer(ends[1]);
  pid_t child = 0;
  if (!start(words, writer.number(), child))
    return Error{Errc::invalid_argument, "git cannot be run: install it"};
  writer.close();
  std::string content = read_to_end(reader.number(), max_bytes);
  if (!ended_well(child)) {
    return Error{Errc::invalid_argument, "git does not have it: name a revision that holds this file"};
  }
  return content;
}

}  // namespace tongs::cli
