// The listeners of both transports, plain and over TLS, and what the TLS ones show.
#ifndef CERTWRIGHT_SERVER_SERVICE_LISTENERS_H_
#define CERTWRIGHT_SERVER_SERVICE_LISTENERS_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "config/config.pb.h"
#include "core/clock.h"
#include "server/config.h"
#include "server/transport/grpc_server.h"
#include "server/transport/http_server.h"
#include "server/transport/tls_identity.h"

namespace certwright {

class Listeners {
 public:
  // Who answers, whichever listener asks.
  struct Answers {
    HttpServer::Handler call = {};
    HttpServer::PageHandler pages = {};
    HttpServer::UnreadHandler unread = {};
    GrpcServer::UnservedHandler unserved = {};
  };

  // Both must outlive it.
  Listeners(const config::Config& config, const Clock& clock) : config_(config), clock_(clock) {}

  // Reads the TLS files, where there are any; says which one is wrong, and how.
  absl::Status LoadTls();
  // Listens and serves at once. REQUIRES: the TLS files are loaded.
  absl::Status Start(const Answers& answers);

  // Where they listen, with the ports that were picked; those over TLS have port 0 without files.
  HostPort http() const;
  HostPort grpc() const;
  HostPort https() const;
  HostPort grpcs() const;

  // As Service::RefreshTls.
  void RefreshTls();

  // All at the same time: answers what is under way, refuses what is new. HTTP tells of it until
  // gRPC is done too.
  void Drain(absl::Duration timeout);

 private:
  void WarnOfTls();
  absl::StatusOr<std::unique_ptr<HttpServer>> StartHttp(const std::string& name,
                                                        const std::string& address, bool is_tls,
                                                        const Answers& answers);
  absl::StatusOr<std::unique_ptr<GrpcServer>> StartGrpc(const std::string& name,
                                                        const std::string& address, bool is_tls,
                                                        const Answers& answers);

  const config::Config& config_;
  const Clock& clock_;
  std::unique_ptr<TlsIdentity> tls_;
  std::unique_ptr<HttpServer> http_;
  std::unique_ptr<GrpcServer> grpc_;
  std::unique_ptr<HttpServer> https_;
  std::unique_ptr<GrpcServer> grpcs_;
};

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_SERVICE_LISTENERS_H_
