#pragma once
#include "emulator/admin/step.hpp"

namespace tongs::emulator {

AdminStep post_fault(AdminCall& call);
AdminStep list_faults(AdminCall& call);
AdminStep get_fault(AdminCall& call);
AdminStep delete_fault(AdminCall& call);
AdminStep delete_faults(AdminCall& call);

}  // namespace tongs::emulator
