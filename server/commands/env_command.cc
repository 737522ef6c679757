// certwright env: the lines that point a client at a service.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/status_macros.h"
#include "server/commands/client.h"
#include "server/commands/commands.h"
#include "server/commands/env_lines.h"

namespace certwright {
namespace {

struct Options {
  std::string client = {};
  std::string data = "certwright-data";
  bool is_data_given = false;
  std::string scheme = "http";
  std::string roots = {};
  ClientOptions service = {};
};

// The data folder is asked if it is named, or nothing else names the service.
void TakeFromDataFolder(Options& options) {
  ClientOptions& service = options.service;
  const bool is_named = !service.http.empty() || !service.grpc.empty() || !service.https.empty() ||
                        !service.grpcs.empty() || HasAddressVariable();
  if (service.endpoint_env.empty() && (options.is_data_given || !is_named)) {
    service.endpoint_env = absl::StrCat(options.data, "/endpoint.env");
  }
}

// Who stands behind a listener that is not one of ours is not known: our own roots then, as a proxy
// with a certificate from here needs them.
std::string RootsOf(const Options& options) {
  if (!options.roots.empty()) return options.roots;
  if (!options.service.ca.empty()) return options.service.ca;
  return std::filesystem::absolute(absl::StrCat(options.data, "/ca-roots.pem"))
      .lexically_normal()
      .string();
}

// What is printed is run: nothing in it may end a line.
absl::Status CheckPrintable(const ClientTarget& target) {
  for (const std::string* const text : {&target.http, &target.grpc, &target.secret_id,
                                        &target.secret_key, &target.token, &target.roots}) {
    const bool is_clean =
        std::all_of(text->begin(), text->end(), [](char c) { return c < 0 || c >= ' '; });
    if (!is_clean) {
      return absl::InvalidArgumentError(
          "an address, a key or a path holds a control character; none is printed");
    }
  }
  return absl::OkStatus();
}

absl::Status Env(Options& options) {
  TakeFromDataFolder(options);
  ClientOptions& service = options.service;
  // The only plain addresses that may stand for those over TLS: who gave them said --scheme too.
  const std::string http = service.http;
  const std::string grpc = service.grpc;
  RETURN_IF_ERROR(CompleteClientOptions(service));
  const bool is_tls = options.scheme == "https";
  if (is_tls) {
    service.http = service.https.empty() ? http : service.https;
    service.grpc = service.grpcs.empty() ? grpc : service.grpcs;
  }
  if (options.client == "grpcurl") {
    RETURN_IF_ERROR(RequireAddress(service.grpc, is_tls ? "grpcs" : "grpc"));
  } else {
    RETURN_IF_ERROR(RequireAddress(service.http, is_tls ? "https" : "http"));
  }
  const ClientTarget target = {.is_tls = is_tls,
                               .http = service.http,
                               .grpc = service.grpc,
                               .secret_id = service.secret_id,
                               .secret_key = service.secret_key,
                               .token = service.token,
                               .roots = RootsOf(options)};
  RETURN_IF_ERROR(CheckPrintable(target));
  std::fputs(LinesFor(options.client, target).c_str(), stdout);
  return absl::OkStatus();
}

}  // namespace

void AddEnv(CLI::App& app, CommandContext& context) {
  CLI::App* env = app.add_subcommand("env", "Print the lines that point a client at the service");
  const auto options = std::make_shared<Options>();
  env->add_option("client", options->client,
                  "Which client; without it, variables for the commands here and for SDKs")
      ->check(CLI::IsMember(KnownClients()));
  const CLI::Option* data =
      env->add_option("--data", options->data,
                      "Data folder of the service, whose endpoint.env and ca-roots.pem are read; "
                      "the default only if no flag or variable names the service")
          ->capture_default_str();
  AddClientOptions(*env, options->service);
  env->add_option("--scheme", options->scheme, "How the service is reached")
      ->check(CLI::IsMember({"http", "https"}))
      ->capture_default_str();
  env->add_option(
      "--roots", options->roots,
      "PEM file that clients shall trust over https [CERTWRIGHT_CA, else DATA/ca-roots.pem]");
  env->footer(
      "Exit code 0, or 2 for wrong usage. The lines hold the secret key: mind where they go.\n"
      "  eval \"$(certwright env tccli --data DIR)\"    also: terraform, grpcurl, or no client\n"
      "  certwright env python --data DIR > here.py   then: from here import client, models\n"
      "  certwright env node --data DIR               put before your own lines\n"
      "  certwright env go --data DIR > here.go       then: client, err := newClient()\n"
      "  certwright env java --data DIR > CertwrightClient.java   CertwrightClient.create()\n"
      "docs/clients.md says what else a client needs.");
  env->callback([options, data, &context] {
    options->is_data_given = data->count() > 0;
    context.chosen = [options] { return ExitWith(Env(*options)); };
  });
}

}  // namespace certwright
