#pragma once
#include <tongs/error.hpp>

namespace tongs::detail {

/// What a CURLcode other than CURLE_OK means. The message names the hop that failed.
Error explain_curl(int code);

}  // namespace tongs::detail
