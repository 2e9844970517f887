#pragma once
#include <functional>
#include <memory>
#include <string>

#include <tongs/result.hpp>

#include "gateway/config.hpp"

namespace tongs::gateway {

/// Where the gateway's listeners really are; empty: switched off.
struct Addresses {
  std::string ingress, egress, oauth, admin;
  bool ingress_tls = false, egress_tls = false, oauth_tls = false;
};

/// The whole gateway: workers that verify and forward, and one broker thread that holds tokens, keys, egress,
/// OAuth and admin. Thread safety: `drain` any; the rest from the thread that made it.
class Gateway {
 public:
  /// Opens vault and listeners and starts to serve. Errors: invalid_argument (an address in use, a bad file),
  /// storage_failed (the vault), with what to do about it.
  static Result<std::unique_ptr<Gateway>> start(Config config);
  /// Ends at once what `drain` has not ended.
  ~Gateway();

  const Addresses& addresses() const noexcept;

  /// Goes by another configuration, from the next connection on what it begins with (certificate, PROXY
  /// headers), from the next request on all else that can change: apps, keys, backends, rules and times. What
  /// needs a restart (addresses, workers, limits, vault, tokens' sources) is named in the log and stays as it
  /// is. The access log is opened anew. Errors: invalid_argument, not_found, storage_failed (a file with
  /// keys or a certificate is not what it should be); nothing has changed then.
  Result<void> reload(Config config);

  /// Accepts nothing new, lets what is under way come to its end, first the invocations, then the calls to
  /// Atlassian, for at most `ingress.drain_time` together, and then calls `done`, on a thread of its own.
  /// Only the first call counts.
  void drain(std::function<void()> done);

 private:
  struct Parts;
  explicit Gateway(std::unique_ptr<Parts> parts) noexcept;
  std::unique_ptr<Parts> parts_;
};

}  // namespace tongs::gateway
