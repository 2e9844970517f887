#include "client/download.hpp"

#include <string>
#include <utility>

#include "client/bound_client_state.hpp"

namespace tongs::detail {

namespace {

constexpr int kMostRedirects = 5;

bool is_redirect(int status) noexcept {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

}  // namespace

Result<Download> download(const BoundClient& client, const ApiRequest& request, const CallOptions& call) {
  auto answer = client.send(request, call);
  for (int hop = 0; answer && is_redirect(answer->status); ++hop) {
    if (hop == kMostRedirects) {
      return Error(Errc::malformed_response, "the file leads from one place to the next without an end");
    }
    answer = BoundClientAccess::fetch(client, std::string(answer->header("location")), call);
  }
  if (!answer) return answer.error();
  return Download{answer->status, std::string(answer->header("content-type")), std::move(answer->body)};
}

}  // namespace tongs::detail
