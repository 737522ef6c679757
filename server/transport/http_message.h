// Pieces of HTTP/1.1 text that need no library.
#ifndef CERTWRIGHT_SERVER_TRANSPORT_HTTP_MESSAGE_H_
#define CERTWRIGHT_SERVER_TRANSPORT_HTTP_MESSAGE_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace certwright {

struct HttpTarget {
  std::string path = {};
  std::string query = {};  // raw, without "?"
};

// Splits a request target, which may be absolute ("http://host/path?query", as sent to proxies).
HttpTarget SplitTarget(absl::string_view target);

// What becomes of the connection after an answer, as the client is told.
enum class AfterAnswer { kUnsaid, kKeepAlive, kClose };

// Status line and headers with the empty line, for a body of `length` bytes. `more_headers` are
// whole lines.
std::string ResponseHead(int status, absl::string_view content_type, std::size_t length,
                         AfterAnswer after, absl::string_view more_headers = "");

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_TRANSPORT_HTTP_MESSAGE_H_
