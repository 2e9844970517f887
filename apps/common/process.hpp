#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <tongs/result.hpp>

#include "common/net/task.hpp"

namespace tongs::process {

/// What every verb of the binary ends with.
enum class Exit : int {
  fine = 0,
  findings = 1,  ///< or a refused token
  usage = 2,     ///< or input that cannot be read, a configuration with findings among it
  failure = 3,   ///< our own, the network's, or a server that refuses
};

/// A variable of the environment, if it is set. Nothing of ours changes the environment.
std::optional<std::string> environment_variable(std::string_view name);

/// For a process that serves: a peer that went away is an error of a write and no signal, and as many files
/// may be open as the system allows.
void prepare_to_serve() noexcept;

/// For a process that holds secrets: no core dump, no debugger of the same user, no /proc/…/mem.
/// Errors: internal (the system refuses).
Result<void> keep_memory_private() noexcept;

/// What signals ask for. Called on the thread of the context, one after the other; they must not throw.
struct SignalActions {
  std::function<void()> drain = [] {
  };  ///< the first SIGTERM or SIGINT: end what is under way, take nothing new
  std::function<void()> hurry = [] {};   ///< each further one: end now
  std::function<void()> reload = [] {};  ///< SIGHUP; empty: that is one more SIGTERM, but under nohup
};

/// Turns signals into calls for as long as it lives, and keeps its context at work. Signals that come before
/// do what they always do. One in a process. Thread safety: none; lives on the thread of its context.
class Signals {
 public:
  Signals(net::Context& context, SignalActions actions);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

/// A listener and the address that it really has.
using NamedAddress = std::pair<std::string_view, std::string_view>;

/// `tongs gateway is ready: ingress=127.0.0.1:8080 admin=127.0.0.1:7074` and line end.
std::string ready_line(std::string_view verb, std::span<const NamedAddress> listeners);

/// Writes it to standard output, at once and whole. Errors: transport_failed (nobody reads, disk full).
Result<void> write_to_stdout(std::string_view text);

}  // namespace tongs::process
