#pragma once
#include <string>
#include <string_view>

#include "common/net/head.hpp"
#include "gateway/oauth/refusal.hpp"
#include "http/url.hpp"

namespace tongs::gateway::oauth {

/// The parameters of a request (RFC 6749 3.2): each at most once, those without a value as if they were not
/// there. They may be secrets: what this object held is wiped when it ends.
class Form {
 public:
  /// Is this a request whose body can be a form? No credentials may be in its URL, where logs would keep
  /// them.
  static std::optional<Refusal> wrong_request(const net::RequestHead& request);
  /// Wipes `body`.
  static Outcome<Form> parse(std::string&& body);

  Form(Form&&) noexcept = default;
  Form& operator=(Form&&) = delete;
  ~Form();

  /// Empty if it is not there.
  std::string_view operator[](std::string_view name) const noexcept;

 private:
  explicit Form(detail::QueryPairs pairs) : pairs_(std::move(pairs)) {}
  detail::QueryPairs pairs_;
};

}  // namespace tongs::gateway::oauth
