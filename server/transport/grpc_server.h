// gRPC: every method of a service descriptor on raw bytes, plus reflection and health.
#ifndef CERTWRIGHT_SERVER_TRANSPORT_GRPC_SERVER_H_
#define CERTWRIGHT_SERVER_TRANSPORT_GRPC_SERVER_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/descriptor.h"
#include "server/call.h"

namespace certwright {

class TlsIdentity;

// Serves from gRPC's own threads. Reflection (v1alpha) lists the services with their comments, and
// needs no signature; neither does grpc.health.v1.
class GrpcServer {
 public:
  struct Options {
    std::string host = "127.0.0.1";
    int port = 0;  // 0 picks a free one
    // TLS alone is spoken, with this identity, which must outlive the server; null: none is.
    const TlsIdentity* tls = nullptr;
    // From the connection on, for TLS and the first settings of HTTP/2.
    absl::Duration handshake_timeout = absl::Seconds(10);
    // Messages over this, and up to four times it, are `unserved`; larger ones are refused by the
    // library, whose RESOURCE_EXHAUSTED says nothing of ours.
    std::size_t max_message_bytes = 10 * 1024 * 1024;
    // Of all calls, until answered. Those over it are `unserved`.
    std::size_t max_held_bytes = 256 * 1024 * 1024;
    // A serialized google.protobuf.FileDescriptorSet with source info, which must outlive the
    // server: where reflection takes comments from. Files that it lacks are served without.
    absl::string_view descriptor_set = {};
    // Told, once a minute at most, why clients wait to be accepted. Must not block.
    std::function<void(const std::string&)> on_crowd = {};
  };

  using Handler = std::function<void(Envelope, std::function<void(Reply)> done)>;

  // Why a call does not reach the handler.
  enum class Unserved { kTooLarge, kNoRoom, kNoMethod, kStopping };
  // Makes the answer to such a call, at once.
  using UnservedHandler = std::function<Reply(const Envelope& without_body, Unserved why)>;

  // `handler` must call `done` exactly once, from any thread, before the server is destroyed.
  // `services` (of unary methods) must outlive the server. Fails if the address is taken or not on
  // this machine.
  static absl::StatusOr<std::unique_ptr<GrpcServer>> Start(
      const Options& options,
      const std::vector<const google::protobuf::ServiceDescriptor*>& services, Handler handler,
      UnservedHandler unserved);
  virtual ~GrpcServer() = default;

  virtual int port() const = 0;

  // Health turns NOT_SERVING, new calls are refused, running ones may end within `timeout`.
  virtual void Drain(absl::Duration timeout) = 0;
};

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_TRANSPORT_GRPC_SERVER_H_
