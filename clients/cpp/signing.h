// Signs every call of a gRPC channel with TC3-HMAC-SHA256.
#ifndef CERTWRIGHT_CLIENTS_CPP_SIGNING_H_
#define CERTWRIGHT_CLIENTS_CPP_SIGNING_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "grpcpp/support/client_interceptor.h"

namespace certwright_client {

struct Key {
  std::string secret_id = {};
  std::string secret_key = {};
  std::string token = {};  // of a temporary key
};

// The header of one call: `message` is the serialized request, `timestamp` Unix seconds.
std::string Authorization(const Key& key, const std::string& authority, const std::string& method,
                          const std::string& message, std::int64_t timestamp);

using InterceptorFactories =
    std::vector<std::unique_ptr<grpc::experimental::ClientInterceptorFactoryInterface>>;

// For grpc::experimental::CreateCustomChannelWithInterceptors; `authority` is what that is made
// for, HOST:PORT.
InterceptorFactories SignAs(const Key& key, const std::string& authority);

}  // namespace certwright_client

#endif  // CERTWRIGHT_CLIENTS_CPP_SIGNING_H_
