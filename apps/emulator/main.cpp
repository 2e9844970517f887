#include "emulator/main.hpp"

#include <csignal>
#include <map>
#include <memory>
#include <utility>
#include <variant>

#include "common/log.hpp"
#include "common/process.hpp"
#include "emulator/child.hpp"
#include "emulator/courier.hpp"
#include "emulator/open_world.hpp"
#include "emulator/server.hpp"

namespace tongs::emulator {

namespace {

using process::Exit;

int status(Exit exit) noexcept { return static_cast<int>(exit); }

/// What a command needs to find the emulator and nothing else of Atlassian.
std::map<std::string, std::string> environment_for(const World& world) {
  return {{"TONGS_EMULATOR_URL", world.origin},
          {"TONGS_APP_ID", world.app.id.str()},
          {"TONGS_JWKS_URL", world.origin + "/.well-known/jwks.json"},
          {"TONGS_PLATFORM_GRAPHQL_URL", world.origin + "/graphql"},
          {"FORGE_APP_ARI", world.app.id.str()},
          {"FORGE_ENV_ARI", "ari:cloud:ecosystem::environment/" + std::string(world.app.id.bare()) + '/' +
                                world.environment_id}};
}

/// How this machine reaches a listener: one on all addresses is reached on the loopback one.
std::string origin_of(const net::ListenAddress& asked, const std::string& bound) {
  const bool everywhere = asked.host == "0.0.0.0" || asked.host == "::";
  return "http://" + (everywhere ? "127.0.0.1" + bound.substr(bound.rfind(':')) : bound);
}

Result<net::ListenAddress> address_of(const std::string& listen) {
  auto address = net::ListenAddress::parse(listen);
  if (address && address->is_unix()) {
    return Error(Errc::invalid_argument, "the emulator needs a HOST:PORT, because its URL goes into tokens");
  }
  return address;
}

void report(const OpenProblem& problem) {
  if (problem.file.empty()) return log::error(problem.message);
  log::error(problem.message, {{"file", problem.file}});
}

/// The emulator as a process: it serves until a signal or its command ends it.
class Emulator {
 public:
  Emulator(OpenedWorld opened, net::LocalGuard guard)
      : opened_(std::move(opened)),
        courier_(reactor_, *opened_.world),
        platform_(std::move(guard), *opened_.world, courier_, [this] { save(); }),
        server_(reactor_, [this](net::Exchange& exchange) { return platform_.handle(exchange); }) {}

  Result<void> open(const net::ListenAddress& address) {
    auto bound = server_.listen(address);
    if (!bound) return std::move(bound).error();
    opened_.world->origin = origin_of(address, *bound);
    return {};
  }

  int run(const std::vector<std::string>& command) {
    net::asio::co_spawn(reactor_.context, courier_.run(), net::asio::detached);
    process::Signals signals(reactor_.context, {.drain = [this] { interrupt(); },
                                                .hurry = [this] { hurry(); },
                                                .reload = nullptr});  // the terminal was closed
    const process::NamedAddress listener{"platform", opened_.world->origin};
    if (!process::write_to_stdout(process::ready_line("emulator", {&listener, 1}))) {
      log::warn("nobody reads the line that says we are ready");
    }
    if (!command.empty() && !start(command)) return status(Exit::usage);
    reactor_.context.run();
    save();
    return status_;
  }

 private:
  bool start(const std::vector<std::string>& command) {
    auto child = Child::start(command, environment_for(*opened_.world), [this](int exit_status) {
      net::asio::post(reactor_.context, [this, exit_status] {
        status_ = exit_status;
        reactor_.context.stop();
      });
    });
    if (!child) {
      log::error(child.error().describe(), {{"command", command.front()}});
      return false;
    }
    child_ = *std::move(child);
    return true;
  }

  void save() {
    if (const auto saved = opened_.save(); !saved) log::error(saved.error().describe());
  }

  /// The command decides how it ends; without one we do, letting what is under way come to its end.
  void interrupt() {
    if (child_) return child_->signal(SIGTERM);
    server_.drain();
    stop_when_idle();
  }

  void stop_when_idle() {
    if (server_.connections() == 0) return reactor_.context.stop();
    idle_.expires_after(std::chrono::milliseconds(10));
    idle_.async_wait([this](const net::error_code&) { stop_when_idle(); });
  }

  void hurry() {
    if (child_) return child_->signal(SIGKILL);
    reactor_.context.stop();
  }

  net::Reactor reactor_;
  OpenedWorld opened_;
  Courier courier_;
  PlatformServer platform_;
  net::Server server_;
  net::Timer idle_{reactor_.context};
  std::unique_ptr<Child> child_;
  int status_ = status(Exit::fine);
};

}  // namespace

int main(const Options& options) {
  process::prepare_to_serve();
  log::start(log::Level::info, false);
  const auto address = address_of(options.listen);
  if (!address) {
    log::error(address.error().describe());
    return status(Exit::usage);
  }
  auto opened = open_world(options);
  if (const auto* problem = std::get_if<OpenProblem>(&opened)) {
    report(*problem);
    return status(Exit::usage);
  }
  Emulator emulator(std::get<OpenedWorld>(std::move(opened)), {*address, options.hosts});
  const auto listening = emulator.open(*address);
  if (!listening) {
    log::error(listening.error().describe(), {{"address", options.listen}});
    return status(Exit::failure);
  }
  return emulator.run(options.command);
}

}  // namespace tongs::emulator
