// certwright env: the lines that point a client at a service.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "adapters/trust/system_roots.h"
#include "core/status_macros.h"
#include "server/commands/client.h"
#include "server/commands/commands.h"
#include "server/commands/env_lines.h"

namespace certwright {
namespace {

constexpr char kOverTls[] = "--scheme https";

struct Options {
  std::string client = {};
  std::string data = "certwright-data";
  bool is_data_given = false;
  std::string scheme = "http";
  std::string roots = {};
  bool is_address_given = false;  // one over TLS, so not that of endpoint.env
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

// So says an endpoint.env with a listener for TLS and no CERTWRIGHT_CA: its certificate is not from
// here, and our roots would lead nowhere.
bool IsTrustLeftToMachine(const Options& options) {
  const ClientOptions& service = options.service;
  return options.roots.empty() && service.ca.empty() && !service.endpoint_env.empty() &&
         !options.is_address_given && !SystemRootsFile().empty();
}

// Who stands behind a listener that is not one of ours is not known: our own roots then, as a proxy
// with a certificate from here needs them.
// Absolute, as what is printed runs anywhere.
std::string RootsOf(const Options& options) {
  std::string file = absl::StrCat(options.data, "/ca-roots.pem");
  if (IsTrustLeftToMachine(options)) file = SystemRootsFile();
  if (!options.service.ca.empty()) file = options.service.ca;
  if (!options.roots.empty()) file = options.roots;
  return std::filesystem::absolute(file).lexically_normal().string();
}

// Not a refusal: the lines may be meant for another machine, or for later.
void WarnOfMissingTrust(const ClientTarget& target) {
  if (!target.is_tls || access(target.roots.c_str(), R_OK) == 0) return;
  std::fprintf(
      stderr,
      "certwright: the file to trust, %s, cannot be read here; --roots FILE names another\n",
      target.roots.c_str());
}

// Who exported a key may expect the lines to be for it.
void NoteOtherKey(const Options& options, const ClientTarget& target) {
  const char* const exported = std::getenv("TENCENTCLOUD_SECRET_ID");
  if (exported == nullptr || *exported == '\0' || target.secret_id == exported) return;
  std::string arguments = options.client.empty() ? "" : absl::StrCat(" ", options.client);
  const char* const s = target.is_tls ? "s" : "";
  absl::StrAppend(&arguments, " --scheme http", s);
  if (!target.http.empty()) absl::StrAppend(&arguments, " --http", s, " ", target.http);
  if (!target.grpc.empty()) absl::StrAppend(&arguments, " --grpc", s, " ", target.grpc);
  if (target.is_tls) absl::StrAppend(&arguments, " --roots ", target.roots);
  std::fprintf(stderr,
               "certwright: the lines hold the key of %s, %s, not that of TENCENTCLOUD_SECRET_ID. "
               "For the lines of that one name the service in place of its folder:\n"
               "  certwright env%s\n",
               options.service.endpoint_env.c_str(), target.secret_id.c_str(), arguments.c_str());
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
  options.is_address_given =
      !(service.https.empty() && service.grpcs.empty() && http.empty() && grpc.empty());
  RETURN_IF_ERROR(CompleteClientOptions(service));
  const bool is_tls = options.scheme == "https";
  if (is_tls) {
    service.http = service.https.empty() ? http : service.https;
    service.grpc = service.grpcs.empty() ? grpc : service.grpcs;
  }
  if (options.client == "grpcurl") {
    RETURN_IF_ERROR(RequireAddress(service.grpc, is_tls ? "grpcs" : "grpc",
                                   service.grpcs.empty() ? "" : kOverTls));
  } else {
    RETURN_IF_ERROR(RequireAddress(service.http, is_tls ? "https" : "http",
                                   service.https.empty() ? "" : kOverTls));
  }
  const ClientTarget target = {.is_tls = is_tls,
                               .http = service.http,
                               .grpc = service.grpc,
                               .secret_id = service.secret_id,
                               .secret_key = service.secret_key,
                               .token = service.token,
                               .roots = RootsOf(options)};
  RETURN_IF_ERROR(CheckPrintable(target));
  WarnOfMissingTrust(target);
  if (is_tls && IsTrustLeftToMachine(options)) {
    std::fprintf(stderr,
                 "certwright: %s names nobody to trust, so the lines name what this machine does, "
                 "%s; --roots FILE names another\n",
                 service.endpoint_env.c_str(), target.roots.c_str());
  }
  NoteOtherKey(options, target);
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
  env->add_option("--roots", options->roots,
                  "PEM file that clients shall trust over https [CERTWRIGHT_CA, else of what this "
                  "machine trusts or DATA/ca-roots.pem]");
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
