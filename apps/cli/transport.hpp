#pragma once
#include <memory>

#include <tongs/http.hpp>
#include <tongs/result.hpp>

namespace tongs::cli {

/// How the verbs reach the network. Errors: internal.
Result<std::shared_ptr<const Transport>> make_transport();

}  // namespace tongs::cli
