#pragma once

namespace tongs::gateway {

/// Who consents to the offline access of an installation that is seen for the first time.
enum class Approval : bool { on_install, by_admin };

}  // namespace tongs::gateway
