#include "curl/curl_session.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include <curl/curl.h>

#include "curl/curl_error.hpp"
#include "curl/curl_transfer.hpp"

namespace tongs::detail {

namespace {

struct EasyCleanup {
  void operator()(CURL* easy) const noexcept { curl_easy_cleanup(easy); }
};
struct MultiCleanup {
  void operator()(CURLM* multi) const noexcept { curl_multi_cleanup(multi); }
};

/// Milliseconds until `deadline`, rounded up so that nobody wakes too early and spins; at most a day.
int poll_timeout(MonoTime now, MonoTime deadline) noexcept {
  constexpr std::chrono::milliseconds longest = std::chrono::hours(24);
  if (deadline - now >= longest) return static_cast<int>(longest.count());
  return static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(deadline - now).count());
}

/// Holds a transfer in a multi handle for as long as it runs, and leaves the easy handle clean for the next
/// one.
class Attached {
 public:
  Attached(CURLM* multi, CURL* easy) noexcept
      : multi_(multi), easy_(easy), added_(curl_multi_add_handle(multi, easy) == CURLM_OK) {}
  Attached(const Attached&) = delete;
  Attached& operator=(const Attached&) = delete;
  ~Attached() {
    if (added_) curl_multi_remove_handle(multi_, easy_);
    curl_easy_reset(easy_);
  }
  explicit operator bool() const noexcept { return added_; }

 private:
  CURLM* multi_;
  CURL* easy_;
  bool added_;
};

Error multi_failed() { return {Errc::internal, "libcurl could not run the transfer"}; }

/// The code that a finished transfer ended with.
CURLcode outcome_of(CURLM* multi) noexcept {
  int left = 0;
  const CURLMsg* message = curl_multi_info_read(multi, &left);
  return message != nullptr && message->msg == CURLMSG_DONE ? message->data.result : CURLE_FAILED_INIT;
}

/// Runs the one transfer of `multi` to its end, or to the end that its caller set.
Result<CURLcode> run(CURLM* multi, const CallOptions& call) {
  const std::stop_callback wake(call.stop, [multi] { curl_multi_wakeup(multi); });
  while (true) {
    if (call.stop.stop_requested()) return Error(Errc::cancelled, "the call was cancelled");
    const MonoTime now = std::chrono::steady_clock::now();
    if (now >= call.deadline) {
      return Error(Errc::deadline_exceeded, "the deadline passed before the answer was complete");
    }
    int running = 0;
    if (curl_multi_perform(multi, &running) != CURLM_OK) return multi_failed();
    if (running == 0) return outcome_of(multi);
    if (curl_multi_poll(multi, nullptr, 0, poll_timeout(now, call.deadline), nullptr) != CURLM_OK) {
      return multi_failed();
    }
  }
}

}  // namespace

struct CurlSession::Handles {
  std::unique_ptr<CURL, EasyCleanup> easy{curl_easy_init()};
  std::unique_ptr<CURLM, MultiCleanup> multi{curl_multi_init()};
};

CurlSession::CurlSession(std::unique_ptr<Handles> handles) noexcept : handles_(std::move(handles)) {}
CurlSession::~CurlSession() = default;

std::unique_ptr<CurlSession> CurlSession::create() {
  auto handles = std::make_unique<Handles>();
  if (handles->easy == nullptr || handles->multi == nullptr) return nullptr;
  return std::unique_ptr<CurlSession>(new CurlSession(std::move(handles)));
}

Result<HttpResponse> CurlSession::perform(const HttpRequest& request, const Url& url,
                                          const CurlOptions& options, const CallOptions& call) {
  CURL* const easy = handles_->easy.get();
  CurlTransfer transfer(easy, request, url, options);
  const Attached attached(handles_->multi.get(), easy);
  if (!attached) return multi_failed();
  const auto code = run(handles_->multi.get(), call);
  if (!code) return code.error();
  if (*code != CURLE_OK) return transfer.explain(*code);
  return transfer.response();
}

}  // namespace tongs::detail
