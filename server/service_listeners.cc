#include "server/service_listeners.h"

#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/status_macros.h"
#include "server/api_services.h"
#include "server/log.h"
#include "ssl_descriptor_set.h"

namespace certwright {
namespace {

absl::Status ListenError(const std::string& flag, const std::string& address,
                         const absl::Status& status) {
  return absl::Status(status.code(),
                      absl::StrCat("--", flag, " ", address, ": ", status.message(),
                                   "; stop who listens there, or choose another with --", flag,
                                   " HOST:PORT (port 0 takes a free one)"));
}

// `text` was checked with the configuration.
template <typename Server>
HostPort AddressOf(const std::string& text, const std::unique_ptr<Server>& server) {
  return {ParseHostPort(text).value_or(HostPort{}).host, server ? server->port() : 0};
}

}  // namespace

absl::Status Listeners::LoadTls() {
  if (config_.tls_certificate_file().empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(tls_, TlsIdentity::Load({.certificate = config_.tls_certificate_file(),
                                            .key = config_.tls_key_file()}));
  WarnOfTls();
  return absl::OkStatus();
}

void Listeners::WarnOfTls() {
  const std::shared_ptr<const TlsPair> pair = tls_->current();
  if (pair->is_key_readable_by_others) {
    LogError("tls", absl::StrCat("others may read ", config_.tls_key_file(), "; chmod 600 it"));
  }
  if (pair->not_after <= clock_.Now()) {
    LogError("tls", absl::StrCat("the certificate in ", config_.tls_certificate_file(),
                                 " has ended; clients refuse it"));
  }
}

absl::StatusOr<std::unique_ptr<HttpServer>> Listeners::StartHttp(const std::string& name,
                                                                 const std::string& address,
                                                                 bool is_tls,
                                                                 const Answers& answers) {
  ASSIGN_OR_RETURN(const HostPort at, ParseHostPort(address));
  auto server = HttpServer::Start(
      {.host = at.host,
       .port = at.port,
       .threads = config_.http_threads(),
       .tls = is_tls ? tls_.get() : nullptr,
       .on_crowd = [name](const std::string& why) { LogError(name + ": clients wait", why); }},
      answers.call, answers.pages, answers.unread);
  if (!server.ok()) return ListenError(name, address, server.status());
  return server;
}

absl::StatusOr<std::unique_ptr<GrpcServer>> Listeners::StartGrpc(const std::string& name,
                                                                 const std::string& address,
                                                                 bool is_tls,
                                                                 const Answers& answers) {
  ASSIGN_OR_RETURN(const HostPort at, ParseHostPort(address));
  std::vector<const google::protobuf::ServiceDescriptor*> services;
  for (const ApiService& service : ApiServices()) services.push_back(service.descriptor);
  auto server = GrpcServer::Start(
      {.host = at.host,
       .port = at.port,
       .tls = is_tls ? tls_.get() : nullptr,
       .descriptor_set = SslDescriptorSet(),
       .on_crowd = [name](const std::string& why) { LogError(name + ": clients wait", why); }},
      services, answers.call, answers.unserved);
  if (!server.ok()) return ListenError(name, address, server.status());
  return server;
}

absl::Status Listeners::Start(const Answers& answers) {
  // HTTP first: answers over gRPC hold links that name its port.
  ASSIGN_OR_RETURN(http_, StartHttp("http", config_.http(), false, answers));
  if (tls_) {
    ASSIGN_OR_RETURN(https_, StartHttp("https", config_.https(), true, answers));
  }
  ASSIGN_OR_RETURN(grpc_, StartGrpc("grpc", config_.grpc(), false, answers));
  if (tls_) {
    ASSIGN_OR_RETURN(grpcs_, StartGrpc("grpcs", config_.grpcs(), true, answers));
  }
  return absl::OkStatus();
}

HostPort Listeners::http() const { return AddressOf(config_.http(), http_); }
HostPort Listeners::grpc() const { return AddressOf(config_.grpc(), grpc_); }
HostPort Listeners::https() const { return AddressOf(config_.https(), https_); }
HostPort Listeners::grpcs() const { return AddressOf(config_.grpcs(), grpcs_); }

void Listeners::RefreshTls() {
  if (tls_ == nullptr) return;
  const absl::StatusOr<bool> is_new = tls_->Refresh();
  if (!is_new.ok()) {
    LogError("tls: the certificate from before stays", is_new.status().message());
  } else if (*is_new) {
    const absl::Time end = tls_->current()->not_after;
    LogInfo("tls: a new certificate serves",
            absl::StrCat("until ", absl::FormatTime(end, absl::UTCTimeZone())));
    WarnOfTls();
  }
}

void Listeners::Drain(absl::Duration timeout) {
  if (http_) http_->BeginDrain(timeout);
  if (https_) https_->BeginDrain(timeout);
  std::thread other;
  if (grpcs_) other = std::thread([this, timeout] { grpcs_->Drain(timeout); });
  if (grpc_) grpc_->Drain(timeout);
  if (other.joinable()) other.join();
  if (http_) http_->EndDrain();
  if (https_) https_->EndDrain();
}

}  // namespace certwright
