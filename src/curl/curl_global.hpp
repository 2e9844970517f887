#pragma once

namespace tongs::detail {

/// Initialises libcurl once per process, with memory that is wiped when it is freed. False if libcurl cannot
/// be used. Thread safety: any.
bool curl_is_ready();

}  // namespace tongs::detail
