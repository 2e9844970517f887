#pragma once
#include <string>

#include <tongs/secret.hpp>

#include "common/net/head.hpp"
#include "gateway/oauth/form.hpp"

namespace tongs::gateway::oauth {

/// How a client says who it is, and how it wants to prove it. Nothing of it has been checked.
struct ClientProof {
  enum class Kind : std::uint8_t {
    none,       ///< `client_id` alone, or not even that: perhaps its certificate says it
    secret,     ///< `client_secret_basic`, `client_secret_post`
    assertion,  ///< `private_key_jwt` (RFC 7523 2.2)
  };
  Kind kind = Kind::none;
  std::string client_id = {};  ///< empty: the assertion says it
  Secret secret = {};          ///< the secret, or the assertion
};

/// One way at most (RFC 6749 2.3): two of them are refused, whether or not one would do.
Outcome<ClientProof> proof_in(const net::RequestHead& request, const Form& form);

}  // namespace tongs::gateway::oauth
