#include "gateway/oauth/client_proof.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/base64url.hpp"
#include "http/ascii.hpp"

namespace tongs::gateway::oauth {

namespace {

constexpr std::string_view kAssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

Refusal malformed(std::string_view what) {
  return {.reason = Reason::malformed, .description = std::string(what)};
}

/// RFC 4648 4.
std::optional<std::string> base64_decode(std::string_view text) {
  if (text.size() % 4 != 0 || text.find_first_of("-_") != std::string_view::npos) return std::nullopt;
  text = text.substr(0, text.size() - (text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0));
  std::string url(text);
  std::ranges::replace(url, '+', '-');
  std::ranges::replace(url, '/', '_');
  auto bytes = base64url_decode(url);
  wipe(url);
  return bytes;
}

/// One value of a form (RFC 6749 appendix B).
std::optional<std::string> form_decode(std::string_view text) {
  std::string spaced(text);
  std::ranges::replace(spaced, '+', ' ');
  auto value = detail::percent_decode(spaced);
  wipe(spaced);
  return value;
}

/// `Basic base64(form(client_id) ":" form(client_secret))` (RFC 6749 2.3.1).
std::optional<ClientProof> basic_proof(std::string_view field) {
  constexpr std::string_view scheme = "basic ";
  if (detail::to_lower(field.substr(0, scheme.size())) != scheme) return std::nullopt;
  auto pair = base64_decode(detail::trim(field.substr(scheme.size())));
  if (!pair) return std::nullopt;
  const std::size_t colon = pair->find(':');
  std::optional<std::string> id, secret;
  if (colon != std::string::npos) {
    id = form_decode(std::string_view(*pair).substr(0, colon));
    secret = form_decode(std::string_view(*pair).substr(colon + 1));
  }
  wipe(*pair);
  if (!id || !secret) return std::nullopt;
  return ClientProof{.kind = ClientProof::Kind::secret,
                     .client_id = *std::move(id),
                     .secret = Secret::take(*std::move(secret))};
}

Outcome<ClientProof> proof_in_header(const net::RequestHead& request, std::string_view id_in_body) {
  if (request.fields.count("authorization") > 1) return malformed("there are two Authorization headers");
  auto proof = basic_proof(*request.fields.find("authorization"));
  if (!proof) return unproved(Reason::no_credentials);
  if (!id_in_body.empty() && id_in_body != proof->client_id) {
    return malformed("client_id is not the one of the Authorization header");
  }
  return *std::move(proof);
}

}  // namespace

Outcome<ClientProof> proof_in(const net::RequestHead& request, const Form& form) {
  const std::string_view id = form["client_id"], secret = form["client_secret"],
                         assertion = form["client_assertion"], type = form["client_assertion_type"];
  const bool in_header = request.fields.find("authorization").has_value();
  if (int{in_header} + int{!secret.empty()} + int{!assertion.empty() || !type.empty()} > 1) {
    return malformed("the client authenticates in two ways: choose one");
  }
  if (in_header) return proof_in_header(request, id);
  if (!secret.empty()) {
    if (id.empty()) return malformed("client_secret is there without client_id");
    return ClientProof{
        .kind = ClientProof::Kind::secret, .client_id = std::string(id), .secret = Secret(secret)};
  }
  if (assertion.empty() && type.empty()) return ClientProof{.client_id = std::string(id)};
  if (assertion.empty() || type != kAssertionType) {
    return malformed(
        "private_key_jwt needs client_assertion, and client_assertion_type "
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
  }
  return ClientProof{
      .kind = ClientProof::Kind::assertion, .client_id = std::string(id), .secret = Secret(assertion)};
}

}  // namespace tongs::gateway::oauth
