// certwright call ACTION JSON: signs a call, makes it over either transport, prints the answer.
#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/status_macros.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "server/commands/client.h"
#include "server/commands/commands.h"
#include "server/config.h"
#include "server/json_codec.h"
#include "server/next_step.h"
#include "server/transport/grpc_client.h"
#include "server/transport/http_client.h"

namespace certwright {
namespace {

constexpr absl::Duration kTimeout = absl::Seconds(60);
constexpr char kErrorMember[] = R"("Error":{"Code":)";

struct Options {
  ClientOptions client = {};
  std::string action = {};
  std::string json = "{}";
  std::string transport = "http";
};

bool IsGrpc(const Options& options) { return absl::StartsWith(options.transport, "grpc"); }
bool IsTls(const Options& options) { return absl::EndsWith(options.transport, "s"); }

struct Outcome {
  std::string text = {};  // the whole document
  bool is_error = false;
};

// What both transports ask for is checked before either is used, so that one mistake has one exit
// code.
struct Checked {
  const google::protobuf::MethodDescriptor* rpc = nullptr;
  std::unique_ptr<google::protobuf::Message> request = {};
  std::string trusted_pem = {};  // over TLS
};

absl::StatusOr<Checked> Check(Options& options) {
  RETURN_IF_ERROR(CompleteClientOptions(options.client));
  ClientOptions& client = options.client;
  // The address that is used is the one that is signed.
  if (IsTls(options)) {
    client.http = client.https;
    client.grpc = client.grpcs;
  }
  const std::string& address = IsGrpc(options) ? client.grpc : client.http;
  const bool is_there_over_tls = !(IsGrpc(options) ? client.grpcs : client.https).empty();
  RETURN_IF_ERROR(RequireAddress(
      address, options.transport,
      is_there_over_tls ? absl::StrCat("--transport ", options.transport, "s") : ""));
  RETURN_IF_ERROR(ParseHostPort(address).status());
  if (options.json.empty()) options.json = "{}";
  Checked checked;
  if (IsTls(options)) {
    ASSIGN_OR_RETURN(checked.trusted_pem, TrustedPem(client));
  }
  ASSIGN_OR_RETURN(checked.rpc, FindRpc(options.action));
  ASSIGN_OR_RETURN(checked.request, RequestOf(*checked.rpc, options.json));
  return checked;
}

absl::StatusOr<Outcome> CallHttp(const Options& options, const Checked& checked,
                                 CommandContext& context) {
  ASSIGN_OR_RETURN(const HostPort address, ParseHostPort(options.client.http));
  ASSIGN_OR_RETURN(const auto client,
                   IsTls(options) ? HttpClient::ConnectTls(address.host, address.port,
                                                           checked.trusted_pem, kTimeout)
                                  : HttpClient::Connect(address.host, address.port, kTimeout));
  ASSIGN_OR_RETURN(HttpAnswer answer,
                   client->Post(options.client.http, options.json,
                                SignedHttpHeaders(options.client, checked.rpc->name(), options.json,
                                                  context.clock.Now())));
  if (answer.status != 200) {
    return absl::UnavailableError(absl::StrCat(options.client.http, " answered HTTP status ",
                                               answer.status, ", which this service does not"));
  }
  const bool is_error =
      absl::StartsWith(answer.body, absl::StrCat(R"({"Response":{)", kErrorMember));
  return Outcome{std::move(answer.body), is_error};
}

// The same document that HTTP would have answered.
Outcome ErrorDocument(const GrpcAnswer& answer) {
  google::rpc::Status status;
  google::rpc::ErrorInfo info;
  std::string code = absl::StrCat("gRPC status ", answer.status);
  if (status.ParseFromString(answer.details)) {
    for (const auto& detail : status.details()) {
      if (detail.UnpackTo(&info)) code = info.reason();
    }
  }
  return {EncodeError(code, answer.message, answer.request_id), true};
}

absl::StatusOr<Outcome> CallGrpc(const Options& options, const Checked& checked,
                                 CommandContext& context) {
  const std::string bytes = checked.request->SerializeAsString();
  const std::string method = FullMethod(*checked.rpc);
  GrpcClient client(options.client.grpc, checked.trusted_pem);
  const GrpcAnswer answer = client.Call(
      method, bytes, SignedGrpcMetadata(options.client, method, &bytes, context.clock.Now()),
      kTimeout);
  if (answer.status != 0 && answer.request_id.empty()) {
    return absl::UnavailableError(
        absl::StrCat("cannot reach ", options.client.grpc, ": ", answer.message));
  }
  if (answer.status != 0) return ErrorDocument(answer);
  std::unique_ptr<google::protobuf::Message> response(
      google::protobuf::MessageFactory::generated_factory()
          ->GetPrototype(checked.rpc->output_type())
          ->New());
  if (!response->ParseFromString(answer.bytes)) {
    return absl::UnavailableError("the answer is not a message of this action");
  }
  return Outcome{EncodeResponse(*response, answer.request_id), false};
}

// What to do about it if nothing answered. gRPC has its reasons in words alone.
std::string NextStep(const Options& options, absl::string_view reason) {
  const auto says = [reason](absl::string_view words) { return absl::StrContains(reason, words); };
  if (says("mismatch") || says("not in peer certificate")) {
    return absl::StrCat(
        "its certificate is for another name: give the address by a name that "
        "stands in it, --",
        options.transport, " NAME:PORT");
  }
  if (says("is not trusted") || says("certificate verify failed")) {
    return absl::StrCat(
        options.client.ca.empty() ? "this machine" : options.client.ca,
        " does not vouch for it: give the PEM file of its root, --ca FILE or CERTWRIGHT_CA");
  }
  if (says("wrong version number")) {
    return "it speaks no TLS there: give the address of a TLS listener, or another --transport";
  }
  return absl::StrCat(
      "start the service with: certwright serve, or name another with "
      "--endpoint-env or --",
      options.transport);
}

int RunCall(Options& options, CommandContext& context) {
  const absl::StatusOr<Checked> checked = Check(options);
  if (!checked.ok()) return ExitWith(checked.status());
  const absl::StatusOr<Outcome> outcome =
      IsGrpc(options) ? CallGrpc(options, *checked, context) : CallHttp(options, *checked, context);
  if (!outcome.ok()) {
    (void)ExitWith(WithNextStep(outcome.status(), outcome.status().code(),
                                NextStep(options, outcome.status().message())));
    return kExitNoAnswer;
  }
  std::printf("%s\n", outcome->text.c_str());
  return outcome->is_error ? kExitFailed : kExitOk;
}

}  // namespace

void AddCall(CLI::App& app, CommandContext& context) {
  CLI::App* call = app.add_subcommand("call", "Sign and make one call, print its answer");
  const auto options = std::make_shared<Options>();
  AddClientOptions(*call, options->client);
  AddLanguageOption(*call, options->client);
  call->add_option("action", options->action, "Action, like DescribeCertificates")->required();
  call->add_option("json", options->json, "The request")->capture_default_str();
  call->add_option("--transport", options->transport, "http, grpc, https or grpcs")
      ->check(CLI::IsMember({"http", "grpc", "https", "grpcs"}))
      ->capture_default_str();
  call->footer(
      "  certwright call ApplyCertificate '{\"DvAuthMethod\":\"DNS\",\"DomainName\":\"a.test\"}'\n"
      "Exit codes, over either transport: 0 the call succeeded; 1 the service refused it, and its\n"
      "answer says why; 2 wrong usage, and nothing was sent: no such action, a request that is "
      "not\n"
      "its JSON, no key or no address; 3 nothing answered.");
  call->callback([options, &context] {
    context.chosen = [options, &context] { return RunCall(*options, context); };
  });
}

}  // namespace certwright
