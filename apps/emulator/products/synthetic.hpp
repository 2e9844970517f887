#pragma once
#include <string>

#include "emulator/api/call.hpp"
#include "emulator/catalog/catalog.hpp"

namespace tongs::emulator {

/// Marks an answer that nothing stands behind.
inline constexpr std::string_view kSynthesized = "x-tongs-synthesized";

/// What the operation's contract says that a success answers: the status, and a value that its schema
/// accepts. A paged list has one page with one item, and says that there is no other. An operation that
/// downloads a file gives some bytes at once, without a redirect. `base_url` is what paths are appended to.
HttpResponse synthetic_answer(ServedApi& api, const Operation& operation, const ApiCall& call,
                              const std::string& base_url);

}  // namespace tongs::emulator
