#include "adapters/checked_socket.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <string>

#include "adapters/validators/file_validator.h"

namespace certwright {

curl_socket_t OpenCheckedSocket(void* allow_private, curlsocktype, curl_sockaddr* to) {
  std::string bytes;
  if (to->family == AF_INET) {
    const auto& address = reinterpret_cast<const sockaddr_in&>(to->addr).sin_addr;
    bytes.assign(reinterpret_cast<const char*>(&address), sizeof address);
  } else if (to->family == AF_INET6) {
    const auto& address = reinterpret_cast<const sockaddr_in6&>(to->addr).sin6_addr;
    bytes.assign(reinterpret_cast<const char*>(&address), sizeof address);
  }
  if (!*static_cast<const bool*>(allow_private) && !IsPublicAddress(bytes)) {
    return CURL_SOCKET_BAD;
  }
  return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

}  // namespace certwright
