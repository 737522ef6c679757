#include "server/transport/grpc_credentials.h"

#include <grpc/grpc.h>
#include <grpc/grpc_security.h>
#include <grpc/support/log.h>

#include <atomic>
#include <cstdio>
#include <string>

#include "absl/strings/match.h"

namespace certwright {
namespace {

// The library tells of each client that gives up, or speaks no TLS, in lines that are not our
// log's.
void DropHandshakes(gpr_log_func_args* args) {
  if (absl::StrContains(args->file, "ssl_transport_security")) return;
  std::fprintf(stderr, "gRPC: %s\n", args->message);
}

// Over the C interface. The library's own providers would not do: they read files by themselves,
// and a pair that does not fit together ends their TLS instead of being left aside.
class IdentityCredentials : public grpc::ServerCredentials {
 public:
  explicit IdentityCredentials(const TlsIdentity& identity) : identity_(identity) {}

  void SetAuthMetadataProcessor(
      const std::shared_ptr<grpc::AuthMetadataProcessor>& /*processor*/) override {}

 private:
  int AddPortToServer(const std::string& address, grpc_server* server) override {
    grpc_server_credentials* const credentials = grpc_ssl_server_credentials_create_with_options(
        grpc_ssl_server_credentials_create_options_using_config_fetcher(
            GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE, &Fetch, this));
    const int port = grpc_server_add_http2_port(server, address.c_str(), credentials);
    grpc_server_credentials_release(credentials);
    return port;
  }

  // Asked before each handshake, from any thread.
  static grpc_ssl_certificate_config_reload_status Fetch(
      void* self, grpc_ssl_server_certificate_config** config) {
    auto& credentials = *static_cast<IdentityCredentials*>(self);
    const std::shared_ptr<const TlsPair> pair = credentials.identity_.current();
    if (credentials.number_.exchange(pair->number) == pair->number) {
      return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_UNCHANGED;
    }
    const grpc_ssl_pem_key_cert_pair texts = {pair->key_pem.c_str(), pair->chain_pem.c_str()};
    // Debian's library ends the process where there are no roots for clients' certificates, and
    // takes no empty list of them. No client is asked for one, so any will do.
    *config = grpc_ssl_server_certificate_config_create(pair->chain_pem.c_str(), &texts, 1);
    return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_NEW;
  }

  const TlsIdentity& identity_;
  std::atomic<std::uint64_t> number_ = 0;  // of the pair that the library has
};

}  // namespace

std::shared_ptr<grpc::ServerCredentials> TlsCredentials(const TlsIdentity& identity) {
  gpr_set_log_function(&DropHandshakes);
  return std::make_shared<IdentityCredentials>(identity);
}

}  // namespace certwright
