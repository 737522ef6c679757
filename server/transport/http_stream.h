// What a connection's bytes pass through: TCP alone, or TLS over it. Included by http_connection.cc
// alone.
#ifndef CERTWRIGHT_SERVER_TRANSPORT_HTTP_STREAM_H_
#define CERTWRIGHT_SERVER_TRANSPORT_HTTP_STREAM_H_

#include <boost/asio/ssl/stream.hpp>

#include "server/transport/http_loop.h"

namespace certwright {

using TlsStream = asio::ssl::stream<HttpSocket>;

inline HttpSocket& SocketOf(HttpSocket& stream) { return stream; }
inline HttpSocket& SocketOf(TlsStream& stream) { return stream.next_layer(); }

// Whether bytes of the client are there that nobody has read.
inline bool HasUnread(HttpSocket& stream) {
  boost::system::error_code ignored;
  return stream.available(ignored) > 0;
}
// Also what is here and not yet a whole record.
inline bool HasUnread(TlsStream& stream) {
  SSL* const ssl = stream.native_handle();
  return SSL_has_pending(ssl) == 1 || BIO_ctrl_pending(SSL_get_rbio(ssl)) > 0 ||
         HasUnread(stream.next_layer());
}

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_TRANSPORT_HTTP_STREAM_H_
