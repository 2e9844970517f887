#pragma once
#include <boost/asio/ssl/stream.hpp>

#include "common/net/sockets.hpp"

namespace tongs::net {

template <class Protocol>
using TlsStream = asio::ssl::stream<Socket<Protocol>>;

template <class Stream>
inline constexpr bool kIsTls = false;
template <class Protocol>
inline constexpr bool kIsTls<TlsStream<Protocol>> = true;

/// The socket that carries a stream.
template <class Stream>
auto& socket_of(Stream& stream) noexcept {
  if constexpr (kIsTls<Stream>) {
    return stream.next_layer();
  } else {
    return stream;
  }
}

}  // namespace tongs::net
