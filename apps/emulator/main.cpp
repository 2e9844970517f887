#include "emulator/main.hpp"

#include <csignal>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>

#include "common/log.hpp"
#include "common/process.hpp"
#include "emulator/app_of.hpp"
#include "emulator/child.hpp"
#include "emulator/courier.hpp"
#include "emulator/server.hpp"

namespace tongs::emulator {

namespace {

using process::Exit;

int status(Exit exit) noexcept { return static_cast<int>(exit); }

Result<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error(Errc::invalid_argument, "the file cannot be read");
  return std::string(std::istreambuf_iterator<char>(file), {});
}

Result<std::unique_ptr<World>> world_of(const Options& options) {
  auto text = read_file(options.manifest);
  if (!text) return std::move(text).error();
  auto app = app_of(manifest::Manifest::parse(*text));
  if (!app) return std::move(app).error();
  auto world = create_world(*std::move(app), Random::system(), real_now());
  if (!world) return std::move(world).error();
  for (const auto& [key, url] : options.remotes) {
    if ((*world)->app.find_remote(key) == nullptr) {
      return Error(Errc::invalid_argument, "--remote names a remote that the manifest does not have");
    }
    (*world)->remote_urls[key] = url;
  }
  return world;
}

/// What a command needs to find the emulator and nothing else of Atlassian.
std::map<std::string, std::string> environment_for(const World& world) {
  return {{"TONGS_EMULATOR_URL", world.origin},
          {"TONGS_APP_ID", world.app.id.str()},
          {"TONGS_JWKS_URL", world.origin + "/.well-known/jwks.json"},
          {"TONGS_PLATFORM_GRAPHQL_URL", world.origin + "/graphql"},
          {"FORGE_APP_ARI", world.app.id.str()}};
}

/// The emulator as a process: it serves until a signal or its command ends it.
class Emulator {
 public:
  explicit Emulator(std::unique_ptr<World> world)
      : world_(std::move(world)),
        courier_(reactor_, *world_),
        platform_(*world_, courier_),
        server_(reactor_, [this](net::Exchange& exchange) { return platform_.handle(exchange); }) {}

  Result<void> open(const std::string& listen) {
    auto address = net::ListenAddress::parse(listen);
    if (!address) return std::move(address).error();
    auto bound = server_.listen(*address);
    if (!bound) return std::move(bound).error();
    world_->origin = "http://" + *bound;
    return {};
  }

  int run(const std::vector<std::string>& command) {
    net::asio::co_spawn(reactor_.context, courier_.run(), net::asio::detached);
    process::Signals signals(reactor_.context,
                             {.drain = [this] { interrupt(SIGTERM); }, .hurry = [this] { stop(); }});
    const process::NamedAddress listener{"platform", world_->origin};
    const auto said = process::write_to_stdout(process::ready_line("emulator", {&listener, 1}));
    if (!said) log::warn("nobody reads the line that says we are ready");
    if (!command.empty()) {
      auto child = Child::start(command, environment_for(*world_), [this](int exit_status) {
        net::asio::post(reactor_.context, [this, exit_status] {
          status_ = exit_status;
          stop();
        });
      });
      if (!child) {
        log::error(child.error().describe());
        return status(Exit::usage);
      }
      child_ = *std::move(child);
    }
    reactor_.context.run();
    return status_;
  }

 private:
  /// The command decides how it ends; without one we do, letting what is under way come to its end.
  void interrupt(int signal) {
    if (child_) return child_->signal(signal);
    server_.drain();
    stop_when_idle();
  }

  void stop_when_idle() {
    if (server_.connections() == 0) return stop();
    idle_.expires_after(std::chrono::milliseconds(10));
    idle_.async_wait([this](const net::error_code&) { stop_when_idle(); });
  }

  void stop() { reactor_.context.stop(); }

  net::Reactor reactor_;
  std::unique_ptr<World> world_;
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
  auto world = world_of(options);
  if (!world) {
    log::error(world.error().describe(), {{"manifest", options.manifest}});
    return status(Exit::usage);
  }
  Emulator emulator(*std::move(world));
  auto opened = emulator.open(options.listen);
  if (!opened) {
    log::error(opened.error().describe());
    return status(Exit::failure);
  }
  return emulator.run(options.command);
}

}  // namespace tongs::emulator
