#pragma once
#include <functional>

#include <tongs/result.hpp>

namespace tongs::vault {

/// Called exactly once, on the vault's own thread: with a value when the change is durable and every reader
/// can read it; with storage_failed when it could not be written. Then it is in memory all the same, served,
/// and written as soon as the store works again, but lost if the process ends before. It must neither block
/// nor throw; it may use the vault, but not `flush` or `close`.
using Done = std::function<void(const Result<void>&)>;

}  // namespace tongs::vault
