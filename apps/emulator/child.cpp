#include "emulator/child.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

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
  for (const auto& [name, value] : more) all.emplace_back(name).append("=").append(value);
  return all;
}

/// Are we what the keys of a terminal go to?
bool in_foreground() noexcept {
  const int terminal = ::open("/dev/tty", O_RDONLY | O_CLOEXEC);
  if (terminal < 0) return false;
  const bool ours = ::tcgetpgrp(terminal) == ::getpgrp();
  ::close(terminal);
  return ours;
}

/// Keeps signals away while a process is made, which would run our handlers until it is the command.
class BlockedSignals {
 public:
  BlockedSignals() noexcept {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~BlockedSignals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  BlockedSignals(const BlockedSignals&) = delete;
  BlockedSignals& operator=(const BlockedSignals&) = delete;

  const sigset_t& before() const noexcept { return before_; }

 private:
  sigset_t before_{};
};

/// A pipe through which the new process says why it did not become the command; silence is success.
class Report {
 public:
  Report() noexcept { made_ = ::pipe2(ends_.data(), O_CLOEXEC) == 0; }
  ~Report() {
    if (!made_) return;
    ::close(ends_[0]);
    if (ends_[1] >= 0) ::close(ends_[1]);
  }
  Report(const Report&) = delete;
  Report& operator=(const Report&) = delete;

  bool made() const noexcept { return made_; }
  void write(int reason) const noexcept {
    [[maybe_unused]] const auto written = ::write(ends_[1], &reason, sizeof reason);
  }
  /// 0 if there is none. Once.
  int read() noexcept {
    ::close(std::exchange(ends_[1], -1));
    int reason = 0;
    while (::read(ends_[0], &reason, sizeof reason) < 0 && errno == EINTR) {
    }
    return reason;
  }

 private:
  std::array<int, 2> ends_{-1, -1};
  bool made_ = false;
};

struct Plan {
  char* const* words;
  char* const* variables;
  bool leads_group;
  pid_t parent;
};

/// The rest of the new process. Nothing here allocates or locks: other threads were copied in the middle of
/// whatever they did.
[[noreturn]] void become(const Plan& plan, const sigset_t& mask, const Report& report) noexcept {
  if (plan.leads_group) ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != plan.parent) ::_exit(1);  // it ended before we could be told so
  struct sigaction usual{};
  usual.sa_handler = SIG_DFL;
  for (const int ours : {SIGPIPE, SIGTERM, SIGINT, SIGHUP}) ::sigaction(ours, &usual, nullptr);
  ::pthread_sigmask(SIG_SETMASK, &mask, nullptr);
  ::execvpe(plan.words[0], plan.words, plan.variables);
  report.write(errno);
  ::_exit(127);
}

/// Tells what is left of the command's group that it is over, while the name of the group is still ours.
int wait_for(int process, bool leads_group) {
  siginfo_t ended{};
  while (::waitid(P_PID, static_cast<id_t>(process), &ended, WEXITED | WNOWAIT) < 0 && errno == EINTR) {
  }
  if (leads_group) ::kill(-process, SIGTERM);
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
  const auto argv = pointers(words), envp = pointers(variables);
  const Plan plan{argv.data(), envp.data(), !in_foreground(), ::getpid()};
  Report report;
  const BlockedSignals blocked;
  const pid_t process = report.made() ? ::fork() : -1;
  if (process == 0) become(plan, blocked.before(), report);
  if (process < 0) return Error(Errc::internal, "no process can be made for the command");
  if (const int reason = report.read(); reason != 0) {
    ::waitpid(process, nullptr, 0);
    return Error(Errc::invalid_argument,
                 "the command cannot be run: " + std::generic_category().message(reason));
  }
  return std::unique_ptr<Child>(new Child(process, plan.leads_group, std::move(ended)));
}

Child::Child(int process, bool leads_group, std::function<void(int)> ended)
    : process_(process),
      leads_group_(leads_group),
      watcher_([=, ended = std::move(ended)] { ended(wait_for(process, leads_group)); }) {}

Child::~Child() { watcher_.join(); }

void Child::signal(int number) const noexcept { ::kill(leads_group_ ? -process_ : process_, number); }

}  // namespace tongs::emulator
