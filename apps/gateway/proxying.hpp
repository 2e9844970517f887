#pragma once
#include <string_view>

#include "common/net/client.hpp"
#include "common/net/head.hpp"
#include "common/net/response.hpp"
#include "common/net/server.hpp"

namespace tongs::gateway {

/// May a request of this method be sent again without asking (RFC 9110 9.2.2)?
bool is_idempotent(std::string_view method) noexcept;

/// Do two field names become one variable in a backend? Some read `_` as `-` (CGI and its heirs), so a name of
/// ours has to be kept from strangers in both spellings.
bool same_variable(std::string_view a, std::string_view b) noexcept;

/// Does a Connection field name `name`, so that it ends at this hop (RFC 9110 7.6.1)?
bool named_by_connection(const net::Fields& fields, std::string_view name) noexcept;

/// The header lines of an answer that go on to the caller: without hop-by-hop and framing fields, and without
/// those that `withheld` says, if it is given.
net::HeaderText response_lines(const net::ResponseHead& response,
                               bool (*withheld)(std::string_view name) noexcept = nullptr);
/// The same for the fields after a chunked body.
net::HeaderText trailer_lines(const net::Fields& trailers,
                              bool (*withheld)(std::string_view name) noexcept = nullptr);

/// Passes an answer on as it comes, with these header lines: nothing is held back, nothing is stored. If the
/// answer is cut short, so is ours. Errors: transport_failed (the caller left).
net::Task<Result<void>> pass_back(net::Exchange& exchange, net::Call& call, std::string_view header_lines);

}  // namespace tongs::gateway
