#pragma once
#include <memory>
#include <optional>
#include <string>

#include <tongs/result.hpp>

#include "emulator/base/members.hpp"

namespace tongs::emulator {

/// The folder in which an emulator lives on from run to run (`--state DIR`): one file, for its owner's eyes
/// only, replaced as a whole. Belongs to one running emulator at a time. Thread safety: none.
class StateFolder {
 public:
  /// Makes the folder if need be. Errors: invalid_argument (no such place, no permission), conflict (another
  /// emulator uses it).
  static Result<std::unique_ptr<StateFolder>> open(const std::string& path);
  ~StateFolder();
  StateFolder(const StateFolder&) = delete;
  StateFolder& operator=(const StateFolder&) = delete;

  /// What was written last; nothing in a new folder. Errors: storage_failed.
  Result<std::optional<std::string>> read() const;
  /// After it, either the old text is there or the new one. Errors: storage_failed.
  Result<void> write(const std::string& text) const;

 private:
  StateFolder(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}
  std::string path_;
  int lock_;
};

/// The whole file. Errors: invalid_argument, with the system's reason.
Result<std::string> read_file(const std::string& path);

}  // namespace tongs::emulator
