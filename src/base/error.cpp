#include <tongs/error.hpp>
#include <tongs/result.hpp>

namespace tongs {

struct Error::Content {
  Errc code;
  std::string message;
  std::optional<RemoteDetail> remote;
  std::optional<Error> cause;
  std::optional<std::chrono::milliseconds> retry_after;
};

std::string_view to_string(Errc code) noexcept {
  switch (code) {
    case Errc::cancelled:
      return "cancelled";
    case Errc::deadline_exceeded:
      return "deadline_exceeded";
    case Errc::transport_failed:
      return "transport_failed";
    case Errc::unavailable:
      return "unavailable";
    case Errc::rate_limited:
      return "rate_limited";
    case Errc::malformed_response:
      return "malformed_response";
    case Errc::invalid_argument:
      return "invalid_argument";
    case Errc::rejected:
      return "rejected";
    case Errc::forbidden:
      return "forbidden";
    case Errc::not_found:
      return "not_found";
    case Errc::conflict:
      return "conflict";
    case Errc::unexpected_status:
      return "unexpected_status";
    case Errc::token_malformed:
      return "token_malformed";
    case Errc::token_expired:
      return "token_expired";
    case Errc::token_not_yet_valid:
      return "token_not_yet_valid";
    case Errc::issuer_mismatch:
      return "issuer_mismatch";
    case Errc::audience_mismatch:
      return "audience_mismatch";
    case Errc::algorithm_not_allowed:
      return "algorithm_not_allowed";
    case Errc::signature_invalid:
      return "signature_invalid";
    case Errc::key_unknown:
      return "key_unknown";
    case Errc::token_replayed:
      return "token_replayed";
    case Errc::keys_unavailable:
      return "keys_unavailable";
    case Errc::storage_failed:
      return "storage_failed";
    case Errc::internal:
      return "internal";
  }
  return "internal";
}

Error::Error(Errc code, std::string message)
    : content_(std::make_shared<const Content>(Content{code, std::move(message), {}, {}, {}})) {}

Errc Error::code() const noexcept { return content_->code; }
std::string_view Error::message() const noexcept { return content_->message; }
const RemoteDetail* Error::remote() const noexcept { return content_->remote ? &*content_->remote : nullptr; }
const Error* Error::cause() const noexcept { return content_->cause ? &*content_->cause : nullptr; }
std::optional<std::chrono::milliseconds> Error::retry_after() const noexcept { return content_->retry_after; }

bool Error::transient() const noexcept {
  switch (code()) {
    case Errc::transport_failed:
    case Errc::unavailable:
    case Errc::rate_limited:
    case Errc::malformed_response:
    case Errc::keys_unavailable:
    case Errc::deadline_exceeded:
      return true;
    default:
      return false;
  }
}

std::string Error::describe() const {
  std::string text(message());
  for (const Error* next = cause(); next != nullptr; next = next->cause()) {
    text += ": ";
    text += next->message();
  }
  return text;
}

Error Error::with_remote(RemoteDetail detail) && {
  auto content = std::make_shared<Content>(*content_);
  content->remote = std::move(detail);
  content_ = std::move(content);
  return std::move(*this);
}

Error Error::with_cause(Error cause) && {
  auto content = std::make_shared<Content>(*content_);
  content->cause = std::move(cause);
  content_ = std::move(content);
  return std::move(*this);
}

Error Error::with_retry_after(std::chrono::milliseconds wait) && {
  auto content = std::make_shared<Content>(*content_);
  content->retry_after = wait;
  content_ = std::move(content);
  return std::move(*this);
}

BadResult::BadResult(Error error)
    : error_(std::move(error)), text_(std::string(to_string(error_.code())) + ": " + error_.describe()) {}
const char* BadResult::what() const noexcept { return text_.c_str(); }
const Error& BadResult::error() const noexcept { return error_; }

}  // namespace tongs
