// What `call` and `sign` share: where the service is, whose key signs, and how.
#ifndef CERTWRIGHT_SERVER_COMMANDS_CLIENT_H_
#define CERTWRIGHT_SERVER_COMMANDS_CLIENT_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace certwright {

struct ClientOptions {
  std::string http = {};  // HOST:PORT
  std::string grpc = {};  // HOST:PORT
  std::string https = {};
  std::string grpcs = {};
  std::string ca = {};  // PEM file of whom to trust over TLS; "" is what the machine trusts
  std::string secret_id = {};
  std::string secret_key = {};
  std::string token = {};         // of a temporary key
  std::string language = {};      // of answers; "" asks for none, and the service has its own
  std::string endpoint_env = {};  // a file that sets those above
};

// --http, --grpc, --https, --grpcs, --ca, --endpoint-env and the variables CERTWRIGHT_HTTP, _GRPC,
// _HTTPS, _GRPCS and _CA,
// TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY and TENCENTCLOUD_TOKEN. Secrets have no flag:
// flags are visible to other users of the machine.
void AddClientOptions(CLI::App& command, ClientOptions& options);

// --language, without which answers are in Chinese where LC_ALL, LC_MESSAGES or LANG is, else in
// English.
void AddLanguageOption(CLI::App& command, ClientOptions& options);

// Fills what no flag gave: addresses and trust from --endpoint-env, or from the variables if it
// names no file, so that those of two services never mix; keys from the file, else from the
// variables, a token from where its SecretId is. InvalidArgument names what is missing of it.
absl::Status CompleteClientOptions(ClientOptions& options);

// Fills from the file `endpoint_env` what is not set. InvalidArgument if it cannot be read.
absl::Status ReadEndpointFile(ClientOptions& options);

// Whether a variable says where the service is.
bool HasAddressVariable();

// The roots to trust over TLS: those of --ca, else the machine's. InvalidArgument if there are
// none.
absl::StatusOr<std::string> TrustedPem(const ClientOptions& options);

// InvalidArgument if `address`, the value of --`flag`, is empty. Where the service is known to be
// reached over TLS alone, `over_tls` says how.
absl::Status RequireAddress(const std::string& address, absl::string_view flag,
                            absl::string_view over_tls = "");

// The rpc of an action, given its name or its full method "/package.Service/Method".
absl::StatusOr<const google::protobuf::MethodDescriptor*> FindRpc(absl::string_view action);

// "/certwright.ssl.v20191205.SslService/ApplyCertificate"
std::string FullMethod(const google::protobuf::MethodDescriptor& rpc);

// The action's request, read from JSON as the service reads it.
absl::StatusOr<std::unique_ptr<google::protobuf::Message>> RequestOf(
    const google::protobuf::MethodDescriptor& rpc, absl::string_view json);

using HeaderList = std::vector<std::pair<std::string, std::string>>;

// The headers of one signed HTTP POST of `body`.
HeaderList SignedHttpHeaders(const ClientOptions& options, absl::string_view action,
                             absl::string_view body, absl::Time now);

// The metadata of one signed gRPC call; `bytes` is the serialized message, or null for
// UNSIGNED-PAYLOAD.
HeaderList SignedGrpcMetadata(const ClientOptions& options, const std::string& full_method,
                              const std::string* bytes, absl::Time now);

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_COMMANDS_CLIENT_H_
