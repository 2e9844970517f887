#pragma once
#include <array>
#include <cerrno>
#include <csignal>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tongs::test {

/// What a program left behind.
struct Outcome {
  int status = -1;  ///< exit status; 128 and more: the signal that ended it
  std::string out;
  std::string err;
};

/// Runs a program to its end with `input` as its standard input, and `environment` (`NAME=value`) as its
/// whole environment.
class Program {
 public:
  explicit Program(std::string path) : path_(std::move(path)) {}

  Outcome run(const std::vector<std::string>& arguments, std::string_view input = {},
              const std::vector<std::string>& environment = {}) const {
    signal(SIGPIPE, SIG_IGN);
    Pipe in, out, err;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in.ends[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out.ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, err.ends[1], STDERR_FILENO);
    std::vector<std::string> words{path_};
    words.insert(words.end(), arguments.begin(), arguments.end());
    auto names = environment;
    const auto argv = pointers(words), envp = pointers(names);
    pid_t child = 0;
    const int failed = posix_spawn(&child, path_.c_str(), &actions, nullptr, argv.data(), envp.data());
    posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) throw std::runtime_error("cannot start " + path_);
    in.close_end(0);
    out.close_end(1);
    err.close_end(1);

    Outcome outcome;
    exchange(in, out, err, input, outcome);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return outcome;
  }

 private:
  struct Pipe {
    Pipe() {
      if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    }
    ~Pipe() {
      close_end(0);
      close_end(1);
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    void close_end(std::size_t i) {
      if (ends[i] >= 0) close(ends[i]);
      ends[i] = -1;
    }
    std::array<int, 2> ends{-1, -1};
  };

  static std::vector<char*> pointers(std::vector<std::string>& words) {
    std::vector<char*> out;
    for (auto& word : words) out.push_back(word.data());
    out.push_back(nullptr);
    return out;
  }

  static void exchange(Pipe& in, Pipe& out, Pipe& err, std::string_view input, Outcome& outcome) {
    while (out.ends[0] >= 0 || err.ends[0] >= 0) {
      if (input.empty()) in.close_end(1);
      std::array<pollfd, 3> files{pollfd{in.ends[1], POLLOUT, 0}, pollfd{out.ends[0], POLLIN, 0},
                                  pollfd{err.ends[0], POLLIN, 0}};
      poll(files.data(), files.size(), -1);
      if (files[0].revents != 0) {
        const ssize_t count = write(in.ends[1], input.data(), input.size());
        input.remove_prefix(count > 0 ? static_cast<std::size_t>(count) : input.size());
      }
      if (files[1].revents != 0) take(out, outcome.out);
      if (files[2].revents != 0) take(err, outcome.err);
    }
  }

  static void take(Pipe& pipe, std::string& text) {
    std::array<char, 4096> block{};
    const ssize_t count = read(pipe.ends[0], block.data(), block.size());
    if (count > 0) {
      text.append(block.data(), static_cast<std::size_t>(count));
    } else {
      pipe.close_end(0);
    }
  }

  std::string path_;
};

}  // namespace tongs::test
