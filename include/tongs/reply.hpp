#pragma once
#include <memory>
#include <string>
#include <utility>

#include <tongs/model.hpp>

namespace tongs {

/// The answer of an operation whose status says more than success: 207 (a part failed), 303 (the result is
/// elsewhere), 204 (nothing was to be done). Nothing is followed. Thread safety: const.
class Reply : public Model {
 public:
  Reply(int status, std::string location, JsonDocument document)
      : Model(std::move(document)), status_(status), location_(std::move(location)) {}

  int status() const noexcept { return status_; }
  /// Where a 201 or a 3xx points to, such as the task that does the work; a server's word, not to be called
  /// with a credential before it is checked. Empty: nowhere.
  const std::string& location() const noexcept { return location_; }
  /// The body as one of the types of the API.
  template <class T>
  T as() const {
    return T(document(), json());
  }

 private:
  int status_;
  std::string location_;
};

/// A file that was downloaded.
struct Download {
  int status = 0;            ///< 200, or 206 for a part
  std::string content_type;  ///< as the server calls it; never trust it to be harmless
  std::string bytes;
};

}  // namespace tongs
