#include "common/process.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>

#include <boost/asio/signal_set.hpp>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace tongs::process {

std::optional<std::string> environment_variable(std::string_view name) {
  const char* value =
      std::getenv(std::string(name).c_str());  // NOLINT(concurrency-mt-unsafe): nobody writes it
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

void prepare_to_serve() noexcept {
  std::signal(SIGPIPE, SIG_IGN);
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);  // where it fails, what we had must do
}

Result<void> keep_memory_private() noexcept {
  const rlimit none{0, 0};
  if (::setrlimit(RLIMIT_CORE, &none) != 0 || ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
    return Error(Errc::internal, "core dumps, which would hold secrets, cannot be switched off");
  }
  return {};
}

namespace {

bool is_ignored(int signal) noexcept {
  struct sigaction current{};
  return ::sigaction(signal, nullptr, &current) == 0 && current.sa_handler == SIG_IGN;
}

}  // namespace

struct Signals::State {
  State(net::Context& context, SignalActions given)
      : signals(context.get_executor(), SIGTERM, SIGINT), actions(std::move(given)) {
    if (actions.reload || !is_ignored(SIGHUP)) signals.add(SIGHUP);
  }

  void handle(int signal) {
    if (signal == SIGHUP && actions.reload) {
      actions.reload();
    } else if (!std::exchange(draining, true)) {
      actions.drain();
    } else {
      actions.hurry();
    }
  }

  net::asio::basic_signal_set<net::Executor> signals;
  SignalActions actions;
  bool draining = false;
};

namespace {

template <class State>
net::Task<> watch(std::shared_ptr<State> state) {
  for (;;) {
    const auto [ended, signal] = co_await state->signals.async_wait(net::use_tuple);
    if (ended) co_return;
    state->handle(signal);
  }
}

}  // namespace

Signals::Signals(net::Context& context, SignalActions actions)
    : state_(std::make_shared<State>(context, std::move(actions))) {
  net::asio::co_spawn(context, watch(state_), net::asio::detached);
}

Signals::~Signals() {
  state_->actions = {};  // for a signal that has come but was not handled yet
  state_->signals.cancel();
}

std::string ready_line(std::string_view verb, std::span<const NamedAddress> listeners) {
  std::string line = std::string("tongs ").append(verb).append(" is ready:");
  for (const auto& [name, address] : listeners) line.append(" ").append(name).append("=").append(address);
  return line + '\n';
}

Result<void> write_to_stdout(std::string_view text) {
  while (!text.empty()) {
    const auto written = ::write(STDOUT_FILENO, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return Error(Errc::transport_failed, "standard output cannot be written to");
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

}  // namespace tongs::process
