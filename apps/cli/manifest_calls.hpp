#pragma once
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <tongs/manifest/manifest.hpp>

#include "cli/terminal.hpp"

namespace tongs::cli {

/// The calls that an app makes, for a look at whether its manifest has the scopes that they need.
class AppCalls {
 public:
  /// `named`: lists of calls, C++ files, or folders with such files. Says on `err` which lines of lists name
  /// no operation. None, and says why, if something cannot be read.
  static std::optional<AppCalls> read(const std::vector<std::string>& named, Terminal& terminal);
  ~AppCalls();
  AppCalls(AppCalls&&) noexcept;
  AppCalls& operator=(AppCalls&&) noexcept;

  /// Which scopes a manifest lacks for these calls, and which it declares for none.
  class Comparison;
  Comparison compare(const std::string& file, const manifest::Manifest& manifest) const;

 private:
  struct Content;
  explicit AppCalls(std::unique_ptr<const Content> content) noexcept;
  std::unique_ptr<const Content> content_;
};

class AppCalls::Comparison {
 public:
  /// Every line of the lists was a call, and no call lacks a scope.
  bool ok() const noexcept { return ok_; }
  const std::string& human() const noexcept { return human_; }  ///< lines
  const std::string& json() const noexcept { return json_; }    ///< an object

 private:
  friend class AppCalls;
  bool ok_ = true;
  std::string human_;
  std::string json_;
};

}  // namespace tongs::cli
