#pragma once
#include "emulator/admin/step.hpp"

namespace tongs::emulator {

/// Invokes a module in the place of a user, or a remote in the place of a function, and answers with what
/// that caller would see.
AdminStep post_invoke(AdminCall& call);
/// Something happened in a product: delivers it to the triggers that listen, answers after the first
/// attempts.
AdminStep post_event(AdminCall& call);
AdminStep list_deliveries(AdminCall& call);

}  // namespace tongs::emulator
