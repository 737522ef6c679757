#include "server/transport/endpoint.h"

#include <boost/asio/io_context.hpp>

#include "absl/strings/str_cat.h"

namespace certwright {

namespace asio = boost::asio;
using asio::ip::tcp;

absl::StatusOr<tcp::endpoint> ResolveListener(const std::string& host, int port) {
  if (port < 0 || port > 65535) {
    return absl::InvalidArgumentError(absl::StrCat("no such port: ", port));
  }
  const auto number = static_cast<asio::ip::port_type>(port);
  boost::system::error_code error;
  const asio::ip::address address = asio::ip::make_address(host, error);
  if (!error) return tcp::endpoint(address, number);
  asio::io_context context;
  const auto found = tcp::resolver(context).resolve(host, "", tcp::resolver::passive, error);
  if (error || found.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("cannot listen on ", host, ": no such host"));
  }
  return tcp::endpoint(found.begin()->endpoint().address(), number);
}

}  // namespace certwright
