// How gRPC's connections are protected.
#ifndef CERTWRIGHT_SERVER_TRANSPORT_GRPC_CREDENTIALS_H_
#define CERTWRIGHT_SERVER_TRANSPORT_GRPC_CREDENTIALS_H_

#include <grpcpp/security/server_credentials.h>

#include <memory>

#include "server/transport/tls_identity.h"

namespace certwright {

// TLS 1.2 and 1.3 with what `identity` holds at each handshake. It must outlive the server that
// they are given to, and so must the result. From then on the library's log says nothing of
// handshakes, in the whole process.
std::shared_ptr<grpc::ServerCredentials> TlsCredentials(const TlsIdentity& identity);

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_TRANSPORT_GRPC_CREDENTIALS_H_
