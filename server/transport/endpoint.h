// Where a listener of either transport shall stand.
#ifndef CERTWRIGHT_SERVER_TRANSPORT_ENDPOINT_H_
#define CERTWRIGHT_SERVER_TRANSPORT_ENDPOINT_H_

#include <boost/asio/ip/tcp.hpp>
#include <string>

#include "absl/status/statusor.h"

namespace certwright {

// A name stands for its first address. InvalidArgument if there is none, or no such port.
absl::StatusOr<boost::asio::ip::tcp::endpoint> ResolveListener(const std::string& host, int port);

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_TRANSPORT_ENDPOINT_H_
