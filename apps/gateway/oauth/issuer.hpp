#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "http/url.hpp"

namespace tongs::gateway::oauth {

/// The name of the authorization server and where its endpoints are, as clients see them (RFC 8414).
class Issuer {
 public:
  static constexpr std::string_view kToken = "/oauth2/token", kRevoke = "/oauth2/revoke",
                                    kIntrospect = "/oauth2/introspect",
                                    kMetadata = "/.well-known/oauth-authorization-server";

  /// Precondition: `url` has no query. `certificates`: may clients prove themselves by one (RFC 8705 2.1)?
  explicit Issuer(const detail::Url& url, bool certificates = false);

  const std::string& name() const noexcept { return name_; }
  std::string token_endpoint() const { return name_ + std::string(kToken); }
  /// As whom an assertion may address it: by its name or its token endpoint (RFC 7523 3).
  std::vector<std::string> audiences() const;
  /// The document at `kMetadata`, to which RFC 8414 3.1 appends the path of the issuer.
  std::string metadata() const;
  bool is_metadata_path(std::string_view path) const noexcept;

 private:
  std::string path_;  ///< without `/` at its end
  std::string name_;
  bool certificates_;
};

}  // namespace tongs::gateway::oauth
