// The whole server but sockets: signed gRPC envelopes through the real pipeline, over the real
// handlers, engine and store.
#ifndef CERTWRIGHT_TESTS_SUPPORT_SIGNED_SERVER_H_
#define CERTWRIGHT_TESTS_SUPPORT_SIGNED_SERVER_H_

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/synchronization/notification.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "server/api_services.h"
#include "server/pipeline.h"
#include "ssl/v20191205/ssl.pb.h"
#include "ssl/v20261201/extension.pb.h"
#include "tests/support/signing.h"
#include "tests/support/test_server.h"

namespace certwright {

class SignedServer : public TestServer {
 public:
  struct Answer {
    std::string code = {};  // "" for success
    std::string text = {};  // all that is sent, but the RequestId
    std::string body = {};  // the message, on success
  };
  struct Key {
    Signer signer = {};
    std::string token = {};  // of a temporary one
  };

  SignedServer() {
    for (const ApiService& service : ApiServices()) {
      service.bind(versions[service.version]);
      versions[service.version].Describe(*service.descriptor);
    }
  }

  Key NewKey(const AccountService::CredentialOrder& order) {
    const AccountService::NewCredential made = *engine.accounts.OrderCredential(order);
    return {
        .signer = {.secret_id = made.credential.id.value, .secret_key = made.credential.secret_key},
        .token = made.token};
  }

  Answer Ask(const google::protobuf::MethodDescriptor& method, const std::string& message,
             Key key) {
    Envelope envelope = GrpcCall(method.name(), message);
    envelope.path = absl::StrCat("/", method.service()->full_name(), "/", method.name());
    if (!key.token.empty()) SetHeader("x-tc-token", key.token, envelope);
    key.signer.service = std::string(ServiceNameOf(*method.service()));
    key.signer.timestamp = absl::ToUnixSeconds(engine.clock.Now());
    Sign(envelope, key.signer);
    absl::Notification answered;
    Reply reply;
    pipeline.Handle(std::move(envelope), [&](Reply got) {
      reply = std::move(got);
      answered.Notify();
    });
    answered.WaitForNotification();
    google::rpc::Status status;
    google::rpc::ErrorInfo info;
    if (status.ParseFromString(reply.grpc_details) && status.details_size() > 0) {
      status.details(0).UnpackTo(&info);
    }
    const std::string sent = absl::StrCat(reply.body, reply.grpc_message, reply.grpc_details);
    return {.code = info.reason(),
            .text = absl::StrReplaceAll(sent, {{reply.request_id, std::string(36, '#')}}),
            .body = reply.body};
  }

  ActionVersions versions;
  Verifier verifier{*engine.store, engine.clock, {}};
  RateLimiter rate_limiter{0};
  SeededRandom request_ids;
  Pipeline pipeline{versions,
                    services,
                    verifier,
                    rate_limiter,
                    workers,
                    request_ids,
                    [](const Pipeline::Record&) {},
                    {.default_language = Language::kEnglish}};
  TaskPool workers{1, 1};  // ends first
};

}  // namespace certwright

#endif  // CERTWRIGHT_TESTS_SUPPORT_SIGNED_SERVER_H_
