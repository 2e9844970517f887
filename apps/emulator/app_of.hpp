#pragma once
#include <string_view>

#include <tongs/manifest/manifest.hpp>
#include <tongs/result.hpp>

#include "emulator/platform/app.hpp"

namespace tongs::emulator {

/// What the platform has to know of a manifest. Modules and entries that cannot be read are left out: saying
/// so is the job of `tongs manifest check`. Errors: invalid_argument (it is no manifest, or `app.id` is
/// missing or none), with the line.
Result<App> app_of(const manifest::Manifest& manifest);
/// The same of the text of one, with the variables of this process's environment in it.
Result<App> app_of(std::string_view yaml);

}  // namespace tongs::emulator
