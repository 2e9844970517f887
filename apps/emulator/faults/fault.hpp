#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tongs/http.hpp>

#include "emulator/base/members.hpp"
#include "emulator/base/time.hpp"
#include "emulator/platform/fit_minter.hpp"

namespace tongs::emulator {

/// What can be made to fail.
enum class FaultTarget : std::uint8_t { jwks, graphql, products, auth_trigger, oauth, deliveries };
std::string_view to_string(FaultTarget target) noexcept;

/// What is about to happen, as a fault may ask for it.
struct FaultSubject {
  FaultTarget target;
  std::string_view method;
  std::string_view path;
  /// GraphQL: operation name and root fields; products: the operation's id; deliveries: the way and the
  /// event.
  std::vector<std::string> operations = {};
  std::string_view module = {};  ///< of a delivery
  std::string_view remote = {};  ///< of a delivery
};

/// Which happenings a fault waits for; an empty member matches all.
struct FaultMatch {
  std::optional<FaultTarget> target;
  std::string method;
  /// Whole segments anywhere in the path (`/rest/api/3/myself`), or a pattern with `*` for the whole path.
  std::string path;
  std::string operation;
  std::string module;
  std::string remote;

  bool matches(const FaultSubject& subject) const;
};

enum class TokenFlaw : std::uint8_t { none, expired, brief, opaque };

/// What goes wrong. Several may be asked for at once; what makes no sense for a target is refused when the
/// fault is made.
struct FaultAction {
  Millis delay{0};  ///< of the machine, before anything else
  /// The connection ends without an answer; a delivery never reaches the remote.
  bool reset = false;
  /// Answer this status instead; for a delivery, behave as if the remote had.
  std::optional<int> status;
  std::vector<Header> headers;
  std::optional<std::string> body;
  /// The answer's body is cut in half, but stays a whole HTTP message.
  bool malformed = false;
  /// The connection ends after so many bytes of the answer's body.
  std::optional<std::size_t> truncate_after;

  // Deliveries only.
  FitFlaw fit = FitFlaw::none;
  bool stale_token = false;    ///< a token with a smaller `exp` than the one before (contract 3.2.4)
  bool without_token = false;  ///< the token headers are missing
  /// A token of the emulator in a state that a remote must not believe, or not for long.
  TokenFlaw token = TokenFlaw::none;
  bool foreign = false;    ///< FIT and token are those of another installation
  bool duplicate = false;  ///< delivered twice (contract 1.2.9)
};

/// A fault script: the next `count` matching happenings go wrong, and one can see afterwards that they did.
struct Fault {
  std::string id;
  FaultMatch match;
  FaultAction action;
  json::object asked;  ///< as it was posted
  std::int64_t count = 1;
  std::int64_t consumed = 0;

  bool completed() const noexcept { return consumed >= count; }
};

/// The fault scripts. Thread safety: none.
class FaultBook {
 public:
  const Fault& add(FaultMatch match, FaultAction action, std::int64_t count, json::object asked);
  /// The oldest fault that matches and is not completed; it is consumed once. Valid until the next `add` or
  /// removal.
  const Fault* take(const FaultSubject& subject);

  const std::deque<Fault>& all() const noexcept { return faults_; }
  const Fault* find(std::string_view id) const noexcept;
  bool remove(std::string_view id);
  void clear() { faults_.clear(); }

  /// How many there have ever been.
  std::int64_t made() const noexcept { return made_; }
  /// Those of an earlier run, the oldest first, and how many it ever made.
  void restore(std::deque<Fault> faults, std::int64_t made) {
    faults_ = std::move(faults);
    made_ = made;
  }

 private:
  std::deque<Fault> faults_;
  std::int64_t made_ = 0;
};

}  // namespace tongs::emulator
