// certwright serve, certwright init
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "adapters/issuers/built_in_ca.h"
#include "adapters/trust/system_roots.h"
#include "core/catalogue.h"
#include "core/crypto/trust_store.h"
#include "core/crypto/x509.h"
#include "core/status_macros.h"
#include "server/catalogue_file.h"
#include "server/commands/commands.h"
#include "server/commands/open_store.h"
#include "server/config.h"
#include "server/data_dir.h"
#include "server/log.h"
#include "server/service.h"
#include "server/transport/tls_identity.h"

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
  std::string https = {};
  std::string grpcs = {};
  std::string tls_cert = {};
  std::string tls_key = {};
  std::string resolver = {};
  std::string catalogue = {};

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
  if (!options.https.empty()) config->set_https(options.https);
  if (!options.grpcs.empty()) config->set_grpcs(options.grpcs);
  if (!options.tls_cert.empty()) config->set_tls_certificate_file(options.tls_cert);
  if (!options.tls_key.empty()) config->set_tls_key_file(options.tls_key);
  NameTlsListeners(*config);
  if (!options.resolver.empty()) config->set_resolver(options.resolver);
  if (!options.catalogue.empty()) config->set_catalogue_file(options.catalogue);
  if (options.allow_plain_network) config->set_allow_plain_network(true);
  if (const absl::Status status = CheckConfig(*config); !status.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(status.message(), kManual));
  }
  return config;
}

// The file that clients must trust to reach us over TLS: our own roots, or the certificate's if
// that stands in its file; "" if what each machine trusts is to do.
std::string TrustFile(const std::string& certificate_file, const std::string& roots_file,
                      const Service& service, absl::Time now) {
  std::stringstream text;
  text << std::ifstream(certificate_file).rdbuf();
  const auto chain = ParseCertificatesPem(text.str());
  if (!chain.ok()) return "";
  const ChainPath path = FindChain(*chain, TrustStore(service.RootsPem()), now);
  if (!path.is_complete) return "";
  return std::filesystem::absolute(path.is_trusted ? roots_file : certificate_file)
      .lexically_normal()
      .string();
}

// Who cannot find the root of a certificate refuses it, and nothing here may lead there.
void WarnOfUnknownRoot(const std::string& certificate_file, absl::Time now) {
  std::stringstream text;
  text << std::ifstream(certificate_file).rdbuf();
  const auto chain = ParseCertificatesPem(text.str());
  if (!chain.ok() || FindChain(*chain, TrustStore(SystemRootsPem()), now).is_trusted) return;
  std::printf(
      "Clients must be told whom to trust over TLS: %s ends without its root, which neither this "
      "machine nor the service's own CA has. Give them the root's file: certwright env --roots "
      "FILE, certwright call --ca FILE\n",
      certificate_file.c_str());
}

std::string DialText(const HostPort& listener) { return HostPortText(AddressToDial(listener)); }

std::string EndpointFile(const Service& service, const std::string& trust_file) {
  std::string text = absl::StrCat("CERTWRIGHT_HTTP=", DialText(service.http()),
                                  "\nCERTWRIGHT_GRPC=", DialText(service.grpc()), "\n");
  if (service.https().port != 0) {
    absl::StrAppend(&text, "CERTWRIGHT_HTTPS=", DialText(service.https()),
                    "\nCERTWRIGHT_GRPCS=", DialText(service.grpcs()), "\n");
    if (!trust_file.empty()) absl::StrAppend(&text, "CERTWRIGHT_CA=", trust_file, "\n");
  }
  if (!service.demo().id.value.empty()) {
    absl::StrAppend(&text, "TENCENTCLOUD_SECRET_ID=", service.demo().id.value,
                    "\nTENCENTCLOUD_SECRET_KEY=", service.demo().secret_key, "\n");
  }
  return text;
}

void PrintDemo(const Service& service, const Options& options) {
  const std::string http = DialText(service.http());
  const std::string grpc = DialText(service.grpc());
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

// Blocked before any thread starts, so that only Serve receives them.
sigset_t BlockSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

// Returns the signal to stop. Meanwhile the TLS files are looked at, on SIGHUP and without.
int ServeUntilStopped(const sigset_t& signals, bool has_tls, Service& service) {
  constexpr timespec kLook = {.tv_sec = 5, .tv_nsec = 0};
  for (;;) {
    const int signal = sigtimedwait(&signals, nullptr, has_tls ? &kLook : nullptr);
    if (signal == SIGTERM || signal == SIGINT) return signal;
    service.RefreshTls();
  }
}

absl::Status ReadCatalogue(const config::Config& config) {
  if (config.catalogue_file().empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(Catalogue catalogue, ReadCatalogueFile(config.catalogue_file()));
  InstallCatalogue(std::move(catalogue));
  return absl::OkStatus();
}

absl::Status Serve(const Options& options, CommandContext& context) {
  sigset_t signals = BlockSignals();
  // gRPC reads its suites of TLS 1.2 from here alone, once; its own list lacks ChaCha20. Before any
  // thread starts, as the environment has no lock.
  (void)setenv("GRPC_SSL_CIPHER_SUITES", kTlsSuites, 0);
  SetQuietLog(options.is_quiet);
  ASSIGN_OR_RETURN(const config::Config config, ReadConfig(options));
  RETURN_IF_ERROR(ReadCatalogue(config));
  const bool has_tls = !config.tls_certificate_file().empty();
  if (has_tls) {
    sigaddset(&signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  }
  ASSIGN_OR_RETURN(DataDir data, DataDir::Open(options.data));
  RETURN_IF_ERROR(data.Lock());
  ASSIGN_OR_RETURN(const std::unique_ptr<Service> service,
                   Service::Start(config, options.mode(), data, context.clock, context.random));
  const std::string trust_file =
      has_tls ? TrustFile(config.tls_certificate_file(), data.PathOf("ca-roots.pem"), *service,
                          context.clock.Now())
              : "";
  RETURN_IF_ERROR(data.WriteFile("endpoint.env", EndpointFile(*service, trust_file)));
  RETURN_IF_ERROR(data.WriteFile("ca-roots.pem", service->RootsPem()));
  std::printf("HTTP on %s, gRPC on %s, data in %s\n", DialText(service->http()).c_str(),
              DialText(service->grpc()).c_str(), options.data.c_str());
  if (has_tls) {
    std::printf("HTTPS on %s, gRPC over TLS on %s\n", DialText(service->https()).c_str(),
                DialText(service->grpcs()).c_str());
    if (trust_file.empty()) {
      WarnOfUnknownRoot(config.tls_certificate_file(), context.clock.Now());
    }
  }
  options.is_demo ? PrintDemo(*service, options) : PrintNextSteps(options);
  std::printf("Ready\n");
  std::fflush(stdout);

  const int signal = ServeUntilStopped(signals, has_tls, *service);
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
  serve->add_option("--tls-cert", options->tls_cert,
                    "PEM file of a certificate with its chain: listen for TLS too");
  serve->add_option("--tls-key", options->tls_key,
                    "PEM file of its key; both are read again when "
                    "they change, and on SIGHUP");
  serve->add_option("--https", options->https, "HOST:PORT for HTTP over TLS [127.0.0.1:8782]");
  serve->add_option("--grpcs", options->grpcs, "HOST:PORT for gRPC over TLS [127.0.0.1:8783]");
  serve->add_option("--resolver", options->resolver, "HOST:PORT of the DNS server for validation");
  serve->add_option("--catalogue", options->catalogue,
                    "Products and prices, in place of those that `certwright catalogue print` "
                    "shows");
  serve
      ->add_option("--config", options->config_file,
                   "Configuration file; proto/config/config.proto is its manual")
      ->envname("CERTWRIGHT_CONFIG");
  serve->add_flag("--allow-plain-network", options->allow_plain_network,
                  "Listen plainly beyond loopback although nothing is encrypted there");
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
