// Where our own HTTP requests may go.
#ifndef CERTWRIGHT_ADAPTERS_CHECKED_SOCKET_H_
#define CERTWRIGHT_ADAPTERS_CHECKED_SOCKET_H_

#include <curl/curl.h>

namespace certwright {

// The last word on where a connection goes, whatever made curl choose the address. A
// CURLOPT_OPENSOCKETFUNCTION; its data points to a bool, whether private addresses are allowed.
curl_socket_t OpenCheckedSocket(void* allow_private, curlsocktype purpose, curl_sockaddr* to);

}  // namespace certwright

#endif  // CERTWRIGHT_ADAPTERS_CHECKED_SOCKET_H_
