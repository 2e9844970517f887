#pragma once
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include <tongs/result.hpp>

namespace tongs::emulator {

/// A command that runs beside the emulator (`exec -- COMMAND`).
/// Thread safety: none.
class Child {
 public:
  /// `environment` is added to ours. `ended` is called once, on a thread of its own, with the exit status; a
  /// command that died of a signal has 128 + its number, as in a shell. Errors: invalid_argument (the command
  /// cannot be run, with the system's reason).
  static Result<std::unique_ptr<Child>> start(const std::vector<std::string>& command,
                                              const std::map<std::string, std::string>& environment,
                                              std::function<void(int)> ended);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  void signal(int number) const noexcept;

 private:
  Child(int process, std::function<void(int)> ended);
  int process_;
  std::thread watcher_;
};

}  // namespace tongs::emulator
