#include "gateway/main.hpp"

#include <algorithm>
#include <vector>

#include "common/log.hpp"
#include "common/process.hpp"
#include "gateway/gateway.hpp"

namespace tongs::gateway {

namespace {

using process::Exit;

int status(Exit exit) noexcept { return static_cast<int>(exit); }

std::string url_of(const std::string& address, bool tls = false) {
  if (address.starts_with("unix:")) return address;
  return (tls ? "https://" : "http://") + address;
}

Result<void> say_ready(const Addresses& addresses) {
  std::vector<process::NamedAddress> listeners;
  const std::string ingress = url_of(addresses.ingress, addresses.ingress_tls),
                    egress = url_of(addresses.egress, addresses.egress_tls),
                    oauth = url_of(addresses.oauth, addresses.oauth_tls), admin = url_of(addresses.admin);
  listeners.emplace_back("ingress", ingress);
  if (!addresses.egress.empty()) listeners.emplace_back("egress", egress);
  if (!addresses.oauth.empty()) listeners.emplace_back("oauth", oauth);
  listeners.emplace_back("admin", admin);
  return process::write_to_stdout(process::ready_line("gateway", listeners));
}

/// Goes by the file as it is now; with findings, everything stays as it was.
void reload(const Options& options, config::Values& running, Gateway& gateway) {
  auto outcome = load_config(options.config, config::process_environment());
  for (const config::Finding& finding : outcome.findings) log::error(finding.text());
  if (!outcome.config) {
    log::error("the configuration was not reloaded: everything stays as it was");
    return;
  }
  for (const std::string& name : running.waiting_for_restart(*outcome.values)) {
    log::warn("a changed setting waits for a restart", {{"setting", name}});
  }
  const auto reloaded = gateway.reload(*std::move(outcome.config));
  if (reloaded) {
    running = *std::move(outcome.values);
    log::info("the configuration was reloaded");
  } else {
    log::error("the configuration was not reloaded", {{"reason", reloaded.error().describe()}});
  }
}

}  // namespace

int main(const Options& options) {
  process::prepare_to_serve();
  log::start(log::Level::info, false);
  auto outcome = load_config(options.config, config::process_environment());
  if (!outcome.config) {
    for (const config::Finding& finding : outcome.findings) log::error(finding.text());
    return status(Exit::usage);
  }
  if (options.check_config) {
    return status(process::write_to_stdout(outcome.effective) ? Exit::fine : Exit::failure);
  }
  log::start(outcome.config->log.level, outcome.config->log.json);
  const auto closed = process::keep_memory_private();
  if (!closed) log::warn("memory may be readable by a debugger", {{"reason", closed.error().describe()}});

  config::Values running = *std::move(outcome.values);
  auto gateway = Gateway::start(*std::move(outcome.config));
  if (!gateway) {
    log::error(gateway.error().describe());
    return status(Exit::failure);
  }
  net::Context context;
  process::Signals signals(context, {.drain = [&] { (*gateway)->drain([&] { context.stop(); }); },
                                     .hurry = [&] { context.stop(); },
                                     .reload = [&] { reload(options, running, **gateway); }});
  const auto said = say_ready((*gateway)->addresses());
  if (!said) log::warn("nobody reads the line that says we are ready");
  context.run();
  return status(Exit::fine);
}

}  // namespace tongs::gateway
