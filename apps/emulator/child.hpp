#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <tongs/result.hpp>

namespace tongs::emulator {

/// A command that runs beside the emulator (`exec -- COMMAND`), and does not outlive it: the system kills it
/// when we end without a word.
///
/// It leads a process group of its own, so that a signal reaches whatever it has started. Not so in the
/// foreground of a terminal, whose keys reach the whole of our group anyway, and which only that group may
/// read. Thread safety: none; lives on the thread that started it, which must not end before it.
class Child {
 public:
  /// `environment` is added to ours. `ended` is called once, on a thread of its own, with the exit status; a
  /// command that died of a signal has 128 + its number, as in a shell. Errors: invalid_argument (the command
  /// cannot be run, with the system's reason), internal (no process can be made).
  static Result<std::unique_ptr<Child>> start(const std::vector<std::string>& command,
                                              const std::map<std::string, std::string>& environment,
                                              std::function<void(int)> ended);
  /// Waits for the command.
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// To the command and its group.
  void signal(int number) const noexcept;

 private:
  Child(int process, bool leads_group, std::function<void(int)> ended);
  int process_;
  bool leads_group_;
  std::thread watcher_;
};

}  // namespace tongs::emulator
