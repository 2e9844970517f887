#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "common/net/client.hpp"
#include "common/net/head.hpp"
#include "common/net/response.hpp"
#include "common/net/server.hpp"
#include "http/header_rules.hpp"

namespace tongs::gateway {

/// May a request of this method be sent again without asking (RFC 9110 9.2.2)?
bool is_idempotent(std::string_view method) noexcept;

/// See there: a name of ours is kept from strangers in both spellings.
using detail::same_variable;

/// The answer to a method that is passed on nowhere, nothing for any other. TRACE would show the caller the
/// credentials that were put in on the way (RFC 9110 9.3.8), CONNECT asks for a tunnel (9.3.6).
std::optional<net::Response> refused_method(std::string_view method);

/// What the Connection fields of a message name: fields that end at this hop (RFC 9110 7.6.1).
class ConnectionOptions {
 public:
  /// Views into `fields`.
  explicit ConnectionOptions(const net::Fields& fields);
  bool name(std::string_view field) const noexcept;

 private:
  std::vector<std::string_view> options_;
};

/// The header lines of an answer that go on to the caller: without hop-by-hop and framing fields, and without
/// those that `withheld` says, if it is given.
net::HeaderText response_lines(const net::ResponseHead& response,
                               bool (*withheld)(std::string_view name) noexcept = nullptr);
/// The same for the fields after a chunked body; `head`: those before it.
net::HeaderText trailer_lines(const net::Fields& trailers, const net::Fields& head,
                              bool (*withheld)(std::string_view name) noexcept = nullptr);

/// Passes the body of a request on as it comes, with its trailers but those that `withheld` says. What the
/// peer does not read any more is left: it may have answered early, and its answer decides. Errors: as
/// `Exchange::read_body`.
net::Task<Result<void>> pass_body(net::Exchange& exchange, net::Call& call,
                                  bool (*withheld)(std::string_view name) noexcept);

/// Passes an answer on as it comes, with these header lines: nothing is held back, nothing is stored. That
/// the caller left is no error: nobody is there to be told. Errors: transport_failed, deadline_exceeded,
/// malformed_response (the answer broke off). If some of it had gone out, ours is cut short too; if not,
/// `exchange` is still to be answered.
net::Task<Result<void>> pass_back(net::Exchange& exchange, net::Call& call, std::string_view header_lines);

}  // namespace tongs::gateway
