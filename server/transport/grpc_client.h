// One raw unary gRPC call at a time, for `certwright call`, tests and the benchmarks.
#ifndef CERTWRIGHT_SERVER_TRANSPORT_GRPC_CLIENT_H_
#define CERTWRIGHT_SERVER_TRANSPORT_GRPC_CLIENT_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"

namespace certwright {

struct GrpcAnswer {
  int status = 0;  // 0 is OK
  std::string message = {};
  std::string details = {};     // serialized google.rpc.Status; "" if none
  std::string bytes = {};       // the serialized response; "" unless OK
  std::string request_id = {};  // trailing x-tc-requestid
};

// A channel to HOST:PORT: over TLS, to whom a root of `trusted_pem` vouches for, or plain where
// that is "". Thread-safe.
class GrpcClient {
 public:
  explicit GrpcClient(const std::string& target, const std::string& trusted_pem = "");
  ~GrpcClient();
  GrpcClient(const GrpcClient&) = delete;
  GrpcClient& operator=(const GrpcClient&) = delete;

  // Sends exactly `bytes` to "/package.Service/Method". Never fails otherwise than by the status
  // in the answer: 14 (UNAVAILABLE) when nobody answers, 4 when `timeout` passed.
  GrpcAnswer Call(const std::string& full_method, const std::string& bytes,
                  const std::vector<std::pair<std::string, std::string>>& metadata,
                  absl::Duration timeout);

 private:
  struct Channel;
  std::unique_ptr<Channel> channel_;
};

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_TRANSPORT_GRPC_CLIENT_H_
