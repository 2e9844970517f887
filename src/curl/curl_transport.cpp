#include <algorithm>
#include <fstream>
#include <mutex>
#include <utility>
#include <vector>

#include <tongs/curl_transport.hpp>

#include "curl/curl_global.hpp"
#include "curl/curl_session.hpp"
#include "http/header_rules.hpp"
#include "http/url.hpp"

namespace tongs {

namespace {

using detail::CurlSession;

Result<void> check(const HttpRequest& request) {
  if (!detail::is_token(request.method) || request.method == "CONNECT") {
    return Error(Errc::invalid_argument, "the method of a request is a token such as GET, and not CONNECT");
  }
  const auto is_framing = [](const Header& header) { return detail::is_framing(header.name); };
  if (std::any_of(request.headers.begin(), request.headers.end(), is_framing)) {
    return Error(Errc::invalid_argument,
                 "host, length and connection headers are set by the transport: remove them");
  }
  return detail::check_headers(request.headers);
}

Result<void> check(const CallOptions& call) {
  if (call.stop.stop_requested()) return Error(Errc::cancelled, "the call was cancelled before it was sent");
  if (call.deadline <= std::chrono::steady_clock::now()) {
    return Error(Errc::deadline_exceeded, "the deadline passed before the request was sent");
  }
  return {};
}

}  // namespace

struct CurlTransport::Impl {
  CurlOptions options;
  std::mutex mutex;
  std::vector<std::unique_ptr<CurlSession>>
      idle;  ///< the one used last, whose connections are warmest, at the end

  std::unique_ptr<CurlSession> take() {
    {
      const std::lock_guard hold(mutex);
      if (!idle.empty()) {
        auto session = std::move(idle.back());
        idle.pop_back();
        return session;
      }
    }
    return CurlSession::create();
  }

  /// What is not kept is closed after the lock is gone.
  void put_back(std::unique_ptr<CurlSession> session) {
    const std::lock_guard hold(mutex);
    if (idle.size() < options.max_idle) idle.push_back(std::exchange(session, nullptr));
  }
};

CurlTransport::CurlTransport(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
CurlTransport::~CurlTransport() = default;

Result<std::shared_ptr<CurlTransport>> CurlTransport::create(CurlOptions options) {
  if (!detail::curl_is_ready()) return Error(Errc::internal, "libcurl could not be initialised");
  if (!options.ca_file.empty() && !std::ifstream(options.ca_file).good()) {
    return Error(Errc::invalid_argument, "ca_file cannot be read");
  }
  auto impl = std::make_unique<Impl>();
  impl->options = std::move(options);
  return std::shared_ptr<CurlTransport>(new CurlTransport(std::move(impl)));
}

Result<HttpResponse> CurlTransport::send(const HttpRequest& request, const CallOptions& call) const {
  if (auto fine = check(request); !fine) return fine.error();
  const auto url = detail::parse_url(request.url);
  if (!url) return url.error();
  if (auto fine = check(call); !fine) return fine.error();
  auto session = impl_->take();
  if (session == nullptr) return Error(Errc::internal, "not enough memory for a transfer");
  auto answer = session->perform(request, *url, impl_->options, call);
  impl_->put_back(std::move(session));
  return answer;
}

}  // namespace tongs
