// certwright sign: the headers that grpcurl needs for one call.
#include <cstdio>
#include <memory>
#include <string>

#include "core/status_macros.h"
#include "server/commands/client.h"
#include "server/commands/commands.h"

namespace certwright {
namespace {

struct Options {
  ClientOptions client = {};
  std::string action = {};
  std::string json = {};
};

absl::Status Sign(Options& options, CommandContext& context) {
  RETURN_IF_ERROR(CompleteClientOptions(options.client));
  // The host is part of what is signed.
  RETURN_IF_ERROR(RequireAddress(options.client.grpc, "grpc"));
  ASSIGN_OR_RETURN(const auto* rpc, FindRpc(options.action));
  std::string bytes;
  const bool has_payload = !options.json.empty();
  if (has_payload) {
    ASSIGN_OR_RETURN(const auto request, RequestOf(*rpc, options.json));
    bytes = request->SerializeAsString();
  }
  for (const auto& [name, value] : SignedGrpcMetadata(
           options.client, FullMethod(*rpc), has_payload ? &bytes : nullptr, context.clock.Now())) {
    std::printf("%s: %s\n", name.c_str(), value.c_str());
  }
  return absl::OkStatus();
}

}  // namespace

void AddSign(CLI::App& app, CommandContext& context) {
  CLI::App* sign = app.add_subcommand("sign", "Print the signed headers for a gRPC call");
  const auto options = std::make_shared<Options>();
  AddClientOptions(*sign, options->client);
  AddLanguageOption(*sign, options->client);
  sign->add_option("ACTION", options->action, "Action, or full gRPC method")->required();
  sign->add_option("JSON", options->json,
                   "The request. Its serialized bytes are signed; without it the payload stays "
                   "unsigned, which the service takes over loopback");
  sign->footer(
      "Exit code 0 if it signed, 2 for wrong usage. One `name: value` a line, valid for five\n"
      "minutes. With grpcurl:\n"
      "  certwright sign DescribeCertificates > headers\n"
      "  grpcurl -plaintext -H \"$(sed -n 1p headers)\" -H \"$(sed -n 2p headers)\" \\\n"
      "    -H \"$(sed -n 3p headers)\" -H \"$(sed -n 4p headers)\" $CERTWRIGHT_GRPC \\\n"
      "    certwright.ssl.v20191205.SslService/DescribeCertificates\n"
      "The last line is the language. A temporary key (TENCENTCLOUD_TOKEN) has one line more "
      "before\n"
      "it, its token.");
  sign->callback([options, &context] {
    context.chosen = [options, &context] { return ExitWith(Sign(*options, context)); };
  });
}

}  // namespace certwright
