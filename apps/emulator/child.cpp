#include "emulator/child.hpp"

#include <cerrno>
#include <csignal>
#include <system_error>

#include <spawn.h>
#include <sys/wait.h>

extern char** environ;

namespace tongs::emulator {

namespace {

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (std::string& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

std::vector<std::string> merged_environment(const std::map<std::string, std::string>& more) {
  std::vector<std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    if (!more.contains(std::string(text.substr(0, text.find('='))))) all.emplace_back(text);
  }
  for (const auto& [name, value] : more) all.push_back(name + "=" + value);
  return all;
}

/// That we ignore SIGPIPE is no business of the command, which would inherit it.
class SpawnAttributes {
 public:
  SpawnAttributes() {
    ::posix_spawnattr_init(&attributes_);
    sigset_t usual;
    ::sigemptyset(&usual);
    ::sigaddset(&usual, SIGPIPE);
    ::posix_spawnattr_setsigdefault(&attributes_, &usual);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnAttributes() { ::posix_spawnattr_destroy(&attributes_); }
  SpawnAttributes(const SpawnAttributes&) = delete;
  SpawnAttributes& operator=(const SpawnAttributes&) = delete;

  const posix_spawnattr_t* get() const noexcept { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

int wait_for(int process) {
  int status = 0;
  while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

Result<std::unique_ptr<Child>> Child::start(const std::vector<std::string>& command,
                                            const std::map<std::string, std::string>& environment,
                                            std::function<void(int)> ended) {
  std::vector<std::string> words = command;
  std::vector<std::string> variables = merged_environment(environment);
  pid_t process = 0;
  const SpawnAttributes attributes;
  const int failed = ::posix_spawnp(&process, words.front().c_str(), nullptr, attributes.get(),
                                    pointers(words).data(), pointers(variables).data());
  if (failed != 0) {
    return Error(Errc::invalid_argument,
                 "the command cannot be run: " + std::generic_category().message(failed));
  }
  return std::unique_ptr<Child>(new Child(process, std::move(ended)));
}

Child::Child(int process, std::function<void(int)> ended)
    : process_(process), watcher_([process, ended = std::move(ended)] { ended(wait_for(process)); }) {}

Child::~Child() { watcher_.join(); }

void Child::signal(int number) const noexcept { ::kill(process_, number); }

}  // namespace tongs::emulator
