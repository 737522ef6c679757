// certwright serve, certwright init
#include <csignal>
#include <cstdio>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "adapters/issuers/built_in_ca.h"
#include "core/status_macros.h"
#include "server/commands/commands.h"
#include "server/commands/open_store.h"
#include "server/config.h"
#include "server/data_dir.h"
#include "server/log.h"
#include "server/service.h"

namespace certwright {
namespace {

struct Options {
  std::string data = "certwright-data";
  bool is_demo = false;
  bool is_dev = false;
  bool is_quiet = false;
  bool allow_plain_network = false;
  std::string config_file = {};
  std::string http = {};
  std::string grpc = {};
  std::string resolver = {};

  Mode mode() const { return is_demo ? Mode::kDemo : is_dev ? Mode::kDev : Mode::kPlain; }
};

constexpr char kManual[] = "\nEvery setting is explained in proto/config/config.proto.";

absl::StatusOr<config::Config> ReadConfig(const Options& options) {
  std::stringstream text;
  if (!options.config_file.empty()) {
    const std::ifstream file(options.config_file);
    if (!file) {
      return absl::InvalidArgumentError(
          absl::StrCat("cannot read --config ", options.config_file,
                       "; check its path, or leave it out for the defaults"));
    }
    text << file.rdbuf();
  }
  absl::StatusOr<config::Config> config = ParseConfig(text.str(), options.mode());
  if (!config.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(options.config_file, ":\n", config.status().message(), kManual));
  }
  if (!options.http.empty()) config->set_http(options.http);
  if (!options.grpc.empty()) config->set_grpc(options.grpc);
  if (!options.resolver.empty()) config->set_resolver(options.resolver);
  if (options.allow_plain_network) config->set_allow_plain_network(true);
  if (const absl::Status status = CheckConfig(*config); !status.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(status.message(), kManual));
  }
  return config;
}

std::string EndpointFile(const Service& service) {
  std::string text = absl::StrCat("CERTWRIGHT_HTTP=", HostPortText(service.http()),
                                  "\nCERTWRIGHT_GRPC=", HostPortText(service.grpc()), "\n");
  if (!service.demo().id.value.empty()) {
    absl::StrAppend(&text, "TENCENTCLOUD_SECRET_ID=", service.demo().id.value,
                    "\nTENCENTCLOUD_SECRET_KEY=", service.demo().secret_key, "\n");
  }
  return text;
}

void PrintDemo(const Service& service, const Options& options) {
  const std::string http = HostPortText(service.http());
  const std::string grpc = HostPortText(service.grpc());
  std::printf(
      "Demo account: names under .test, .example, .localhost and .invalid validate themselves.\n"
      "  TENCENTCLOUD_SECRET_ID=%s\n"
      "  TENCENTCLOUD_SECRET_KEY=%s\n"
      "Point your tools here (the same is in %s/endpoint.env):\n"
      "  Python SDK  HttpProfile(protocol=\"http\", endpoint=\"%s\")\n"
      "  tccli       tccli ssl DescribeCertificates --endpoint http://%s --region ap-guangzhou\n"
      "  grpcurl     grpcurl -plaintext %s describe certwright.ssl.v20191205.SslService\n",
      service.demo().id.value.c_str(), service.demo().secret_key.c_str(), options.data.c_str(),
      http.c_str(), http.c_str(), grpc.c_str());
}

void PrintNextSteps(const Options& options) {
  if (options.is_dev) {
    std::printf("Names under .test, .example, .localhost and .invalid validate themselves.\n");
  }
  std::printf(
      "Accounts and keys are made while this runs, if there are none yet:\n"
      "  certwright account create --data %s --name NAME\n"
      "  certwright key create --data %s --account UIN\n",
      options.data.c_str(), options.data.c_str());
}

// Blocked before any thread starts, so that only Wait() receives them.
sigset_t BlockStopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

absl::Status Serve(const Options& options, CommandContext& context) {
  const sigset_t stop_signals = BlockStopSignals();
  SetQuietLog(options.is_quiet);
  ASSIGN_OR_RETURN(const config::Config config, ReadConfig(options));
  ASSIGN_OR_RETURN(DataDir data, DataDir::Open(options.data));
  RETURN_IF_ERROR(data.Lock());
  ASSIGN_OR_RETURN(const std::unique_ptr<Service> service,
                   Service::Start(config, options.mode(), data, context.clock, context.random));
  RETURN_IF_ERROR(data.WriteFile("endpoint.env", EndpointFile(*service)));
  RETURN_IF_ERROR(data.WriteFile("ca-roots.pem", service->RootsPem()));
  std::printf("HTTP on %s, gRPC on %s, data in %s\n", HostPortText(service->http()).c_str(),
              HostPortText(service->grpc()).c_str(), options.data.c_str());
  options.is_demo ? PrintDemo(*service, options) : PrintNextSteps(options);
  std::printf("Ready\n");
  std::fflush(stdout);

  int signal = 0;
  sigwait(&stop_signals, &signal);
  LogInfo("drain", signal == SIGTERM ? "SIGTERM" : "SIGINT");
  service->Drain();
  return absl::OkStatus();
}

absl::Status Init(const Options& options, CommandContext& context) {
  ASSIGN_OR_RETURN(const DataDir data, DataDir::Open(options.data));
  ASSIGN_OR_RETURN(const OpenedStore opened, OpenStore(data, context.random, 1, {}));
  ASSIGN_OR_RETURN(const bool has_ca, BuiltInCa::IsMade(*opened.store));
  if (!has_ca) std::fprintf(stderr, "Making the CA's keys, once; this takes a few seconds ...\n");
  ASSIGN_OR_RETURN(const std::unique_ptr<BuiltInCa> ca,
                   BuiltInCa::Open(*opened.store, context.clock, context.random));
  RETURN_IF_ERROR(data.WriteFile("ca-roots.pem", ca->RootsPem()));
  std::printf(
      "%s holds the database, the master key (keep a copy apart) and ca-roots.pem.\n"
      "Next: certwright account create --data %s --name NAME\n"
      "      certwright serve --data %s\n",
      options.data.c_str(), options.data.c_str(), options.data.c_str());
  return absl::OkStatus();
}

}  // namespace

void AddServe(CLI::App& app, CommandContext& context) {
  CLI::App* serve = app.add_subcommand("serve", "Run the service until SIGTERM or Ctrl-C");
  const auto options = std::make_shared<Options>();
  serve->add_option("--data", options->data, "Data folder, made if it is not there")
      ->capture_default_str();
  serve->add_flag("--demo", options->is_demo,
                  "As --dev, with a demo account, no rate limits and a free quota of 1,000");
  serve->add_flag("--dev", options->is_dev,
                  "Reserved names (.test, .example, .localhost, .invalid) validate themselves");
  serve->add_option("--http", options->http, "HOST:PORT to listen on [127.0.0.1:8780]");
  serve->add_option("--grpc", options->grpc, "HOST:PORT to listen on [127.0.0.1:8781]");
  serve->add_option("--resolver", options->resolver, "HOST:PORT of the DNS server for validation");
  serve
      ->add_option("--config", options->config_file,
                   "Configuration file; proto/config/config.proto is its manual")
      ->envname("CERTWRIGHT_CONFIG");
  serve->add_flag("--allow-plain-network", options->allow_plain_network,
                  "Listen beyond loopback although nothing is encrypted");
  serve->add_flag("--quiet", options->is_quiet, "Log failures only");
  serve->footer("Exit code 0 after a drain, 1 if it cannot run, 2 for a wrong configuration.");
  serve->callback([options, &context] {
    context.chosen = [options, &context] { return ExitWith(Serve(*options, context)); };
  });
}

void AddInit(CLI::App& app, CommandContext& context) {
  CLI::App* init = app.add_subcommand("init", "Make the data folder, its database and the CA");
  const auto options = std::make_shared<Options>();
  init->add_option("--data", options->data, "Data folder")->capture_default_str();
  init->callback([options, &context] {
    context.chosen = [options, &context] { return ExitWith(Init(*options, context)); };
  });
}

}  // namespace certwright
