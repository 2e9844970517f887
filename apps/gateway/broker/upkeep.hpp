#pragma once
#include <chrono>
#include <memory>

#include <tongs/clock.hpp>

#include "common/net/reactor.hpp"
#include "common/net/task.hpp"
#include "vault/vault.hpp"

namespace tongs::gateway {

/// For as long as the reactor runs, now and after each `pause`: erases tokens that ended, and has the vault
/// find out whether its store can still be written, which may otherwise show only with the next token.
net::Task<> keep_in_order(net::Reactor& reactor, std::shared_ptr<vault::Vault> vault,
                          std::shared_ptr<const Clock> clock, std::chrono::milliseconds pause);

}  // namespace tongs::gateway
