#include "curl/curl_transfer.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <curl/curl.h>

#include <tongs/secret.hpp>

#include "curl/curl_error.hpp"
#include "http/backoff.hpp"

namespace tongs::detail {

namespace {

constexpr std::size_t kMaxHead = std::size_t{256} * 1024;

template <class Value>
void set(CURL* easy, CURLoption option, Value value) {
  // Every option here is known to libcurl 7.85 and later, so that only memory can fail; a string that could
  // not be copied makes the transfer itself fail with CURLE_OUT_OF_MEMORY or CURLE_URL_MALFORMAT.
  (void)curl_easy_setopt(easy, option, value);
}

bool has_header(const HttpRequest& request, std::string_view name) {
  return std::any_of(request.headers.begin(), request.headers.end(),
                     [&](const Header& header) { return same_header_name(header.name, name); });
}

/// Without the headers that described the answer before it was decompressed.
bool describes_encoding(std::string_view name) noexcept {
  return same_header_name(name, "content-encoding") || same_header_name(name, "content-length");
}

}  // namespace

/// The header lines as libcurl wants them, in memory of ours, which is wiped.
struct CurlTransfer::HeaderList {
  explicit HeaderList(const HttpRequest& request) {
    lines.reserve(request.headers.size() + 2);
    for (const Header& header : request.headers) add(header.name, header.value);
    lines.emplace_back("Expect:");  // nothing after the colon: do not send it
    if (!has_header(request, "content-type")) lines.emplace_back("Content-Type:");
    nodes.resize(lines.size());
    for (std::size_t i = 0; i < lines.size(); ++i) {
      nodes[i] = {lines[i].data(), i + 1 < lines.size() ? &nodes[i + 1] : nullptr};
    }
  }
  HeaderList(const HeaderList&) = delete;
  HeaderList& operator=(const HeaderList&) = delete;
  ~HeaderList() {
    for (std::string& line : lines) wipe(line);
  }

  void add(const std::string& name, const std::string& value) {
    std::string& line = lines.emplace_back();
    line.reserve(name.size() + value.size() + 2);
    line = name;
    if (value.empty()) {
      line += ';';  // libcurl's way to send an empty value
    } else {
      line.append(": ").append(value);
    }
  }

  std::vector<std::string> lines;
  std::vector<curl_slist> nodes;
};

/// What libcurl calls; `self` is the transfer.
struct CurlTransfer::Callbacks {
  static std::size_t body(char* data, std::size_t, std::size_t size, void* self) {
    return static_cast<CurlTransfer*>(self)->keep(data, size) ? size : CURL_WRITEFUNC_ERROR;
  }

  /// One line of a head, interim and trailing ones included.
  static std::size_t head(char* data, std::size_t, std::size_t size, void* self) {
    auto* transfer = static_cast<CurlTransfer*>(self);
    const std::string_view line(data, size);
    if (line.starts_with("HTTP/")) transfer->head_is_whole_ = false;
    if (line == "\r\n" || line == "\n") transfer->head_is_whole_ = true;
    transfer->head_bytes_ += size;
    transfer->too_large_ = transfer->head_bytes_ > kMaxHead;
    return transfer->too_large_ ? CURL_WRITEFUNC_ERROR : size;
  }

  /// Called before the request is sent, and again when libcurl found a kept connection dead and wants to send
  /// it on another one. The peer may have carried it out already, so only idempotent requests may go twice
  /// (RFC 9110 9.2.2).
  static int before_sending(void* self, char*, char*, int, int) {
    auto* transfer = static_cast<CurlTransfer*>(self);
    const bool again = ++transfer->times_sent_ > 1;
    return again && !is_idempotent(transfer->request_.method) ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
  }
};

CurlTransfer::CurlTransfer(void* easy, const HttpRequest& request, const Url& url, const CurlOptions& options)
    : easy_(easy), request_(request), options_(options), headers_(std::make_unique<HeaderList>(request)) {
  set_destination(url);
  set_connection();
  set_request();
  set_callbacks();
}

CurlTransfer::~CurlTransfer() = default;

void CurlTransfer::set_destination(const Url& url) {
  set(easy_, CURLOPT_URL, url.text().c_str());
  set(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
  set(easy_, CURLOPT_PATH_AS_IS, 1L);
  if (!options_.unix_socket.empty()) set(easy_, CURLOPT_UNIX_SOCKET_PATH, options_.unix_socket.c_str());
  set_proxy(is_loopback(url));
}

/// Credentials may go to this machine over plain http because they do not leave it: a proxy would take them
/// away, and answer in its own words.
void CurlTransfer::set_proxy(bool is_this_machine) {
  const bool named = !options_.proxy.empty() && !is_this_machine;
  const bool from_environment = options_.proxy_from_environment && !is_this_machine;
  if (named || !from_environment) set(easy_, CURLOPT_PROXY, named ? options_.proxy.c_str() : "");
  if (!from_environment) set(easy_, CURLOPT_NOPROXY, "");
}

void CurlTransfer::set_connection() {
  set(easy_, CURLOPT_NOSIGNAL, 1L);
  set(easy_, CURLOPT_QUICK_EXIT, 1L);  // a stop does not wait for the resolver's thread
  set(easy_, CURLOPT_CONNECTTIMEOUT_MS, std::max(1L, static_cast<long>(options_.connect_timeout.count())));
  set(easy_, CURLOPT_TCP_KEEPALIVE, 1L);
  set(easy_, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(easy_, CURLOPT_HTTP_VERSION,
      static_cast<long>(options_.http2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1));
  set(easy_, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (options_.ca_file.empty()) return;
  set(easy_, CURLOPT_CAINFO, options_.ca_file.c_str());
  set(easy_, CURLOPT_CAPATH, static_cast<const char*>(nullptr));
}

void CurlTransfer::set_request() {
  const bool head = request_.method == "HEAD";
  const bool sends_length =
      request_.method == "POST" || request_.method == "PUT" || request_.method == "PATCH";
  if (head) {
    set(easy_, CURLOPT_NOBODY, 1L);
  } else if (!request_.body.empty() || sends_length) {
    set(easy_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    set(easy_, CURLOPT_POSTFIELDS, request_.body.data());
  }
  if (!head) set(easy_, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
  set(easy_, CURLOPT_HTTPHEADER, headers_->nodes.data());
  if (!options_.user_agent.empty()) set(easy_, CURLOPT_USERAGENT, options_.user_agent.c_str());
  decompresses_ = !has_header(request_, "accept-encoding");
  if (decompresses_) set(easy_, CURLOPT_ACCEPT_ENCODING, "");
}

void CurlTransfer::set_callbacks() {
  set(easy_, CURLOPT_WRITEFUNCTION, &Callbacks::body);
  set(easy_, CURLOPT_WRITEDATA, this);
  set(easy_, CURLOPT_HEADERFUNCTION, &Callbacks::head);
  set(easy_, CURLOPT_HEADERDATA, this);
  set(easy_, CURLOPT_PREREQFUNCTION, &Callbacks::before_sending);
  set(easy_, CURLOPT_PREREQDATA, this);
  set(easy_, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(options_.max_response_bytes));
}

/// Grows by hand, because an answer may hold a token and std::string would leave its old buffer unwiped.
bool CurlTransfer::keep(const char* data, std::size_t size) {
  too_large_ = size > options_.max_response_bytes - body_.size();
  if (too_large_) return false;
  if (body_.size() + size > body_.capacity()) {
    std::string larger;
    larger.reserve(std::max(2 * body_.capacity(), body_.size() + size));
    larger.append(body_);
    wipe(body_);
    body_ = std::move(larger);
  }
  body_.append(data, size);
  return true;
}

Result<HttpResponse> CurlTransfer::response() {
  // libcurl is content with a head that was cut between two lines.
  if (!head_is_whole_) return explain_curl(CURLE_PARTIAL_FILE);
  HttpResponse response;
  long status = 0;
  (void)curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
  response.status = static_cast<int>(status);
  for (curl_header* header = nullptr;
       (header = curl_easy_nextheader(easy_, CURLH_HEADER, -1, header)) != nullptr;) {
    response.headers.push_back({header->name, header->value});
  }
  if (decompresses_ && !response.header("content-encoding").empty()) {
    std::erase_if(response.headers, [](const Header& header) { return describes_encoding(header.name); });
  }
  response.body = std::move(body_);
  return response;
}

Error CurlTransfer::explain(int code) const {
  return explain_curl(too_large_ ? CURLE_FILESIZE_EXCEEDED : code);
}

}  // namespace tongs::detail
