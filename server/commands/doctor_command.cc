// certwright doctor: why a captured or described request is refused.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/time.h"
#include "core/status_macros.h"
#include "server/auth/diagnosis.h"
#include "server/auth/request_parts.h"
#include "server/commands/captured_request.h"
#include "server/commands/client.h"
#include "server/commands/commands.h"
#include "server/commands/open_store.h"
#include "server/config.h"
#include "server/transport/http_message.h"

namespace certwright {
namespace {

constexpr char kSecretVariable[] = "TENCENTCLOUD_SECRET_KEY";

struct Options {
  std::string file = {};  // of the request; "-" is standard input
  std::string method = "POST";
  std::string target = "/";
  std::vector<std::string> headers = {};
  std::string body = {};
  std::string body_file = {};
  std::string data = {};
  std::string config = {};
  std::int64_t at = 0;
  bool is_tls = false;
  bool is_network = false;
};

absl::StatusOr<std::string> ReadAll(const std::string& path) {
  if (path == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::InvalidArgumentError(absl::StrCat("cannot read ", path));
  return std::string(std::istreambuf_iterator<char>(file), {});
}

bool IsUrl(absl::string_view target) {
  return absl::StartsWithIgnoreCase(target, "http://") ||
         absl::StartsWithIgnoreCase(target, "https://");
}

// What a client makes of the URL that it is given.
void TakeHostFromUrl(absl::string_view url, Envelope& envelope) {
  if (!IsUrl(url)) return;
  envelope.is_secure = absl::StartsWithIgnoreCase(url, "https");
  if (FindHeader(envelope, "host")) return;
  url.remove_prefix(url.find("//") + 2);
  const absl::string_view host = url.substr(0, url.find_first_of("/?"));
  envelope.headers.emplace(envelope.headers.begin(), "host", host);
}

// What a capture of it holds is not the body: lengths stand in between, or nothing is there.
absl::Status CheckNotChunked(const Envelope& envelope) {
  const std::string coding = absl::AsciiStrToLower(HeaderOr(envelope, "transfer-encoding"));
  if (!absl::StrContains(coding, "chunked")) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "the request's body was sent in chunks (Transfer-Encoding: chunked): give the body, without "
      "the lengths between them, with --body-file");
}

absl::StatusOr<Envelope> RequestFrom(const Options& options) {
  Envelope envelope;
  if (!options.file.empty()) {
    ASSIGN_OR_RETURN(const std::string text, ReadAll(options.file));
    ASSIGN_OR_RETURN(envelope, ParseCapturedRequest(text));
  } else {
    if (options.headers.empty()) {
      return absl::InvalidArgumentError(
          "there is no request: name a file that holds one (- is standard input), or describe it "
          "with --method, --target, --header and --body");
    }
    envelope.method = options.method;
    HttpTarget target = SplitTarget(options.target);
    envelope.path = std::move(target.path);
    envelope.query = std::move(target.query);
  }
  for (const std::string& line : options.headers) RETURN_IF_ERROR(AddHeaderLine(line, envelope));
  TakeHostFromUrl(options.target, envelope);
  if (!options.body.empty()) envelope.body = options.body;
  if (!options.body_file.empty()) {
    ASSIGN_OR_RETURN(envelope.body, ReadAll(options.body_file));
  } else if (options.body.empty()) {
    RETURN_IF_ERROR(CheckNotChunked(envelope));
  }
  envelope.is_secure = envelope.is_secure || options.is_tls;
  envelope.is_loopback = !options.is_network;
  RETURN_IF_ERROR(CompleteCapturedRequest(envelope));
  return envelope;
}

// Those that the service wrote into its folder; a folder that never served has none.
std::vector<Listener> ListenersOf(const Options& options) {
  ClientOptions at = {.endpoint_env = absl::StrCat(options.data, "/endpoint.env")};
  std::vector<Listener> listeners;
  if (options.data.empty() || !ReadEndpointFile(at).ok()) return listeners;
  for (const Listener& listener :
       {Listener{"HTTP", at.http}, Listener{"gRPC", at.grpc}, Listener{"HTTP over TLS", at.https},
        Listener{"gRPC over TLS", at.grpcs}}) {
    if (!listener.address.empty()) listeners.push_back(listener);
  }
  return listeners;
}

absl::Status FindKey(const Options& options, const Envelope& envelope, CommandContext& context,
                     Circumstances& known) {
  if (!options.data.empty()) {
    ASSIGN_OR_RETURN(const OpenedStore opened, OpenExistingStore(options.data, context.random));
    return opened.store->Read(
        [&](Snapshot& snapshot) { return LookUpKey(envelope, snapshot, known); });
  }
  if (const char* secret = std::getenv(kSecretVariable); secret != nullptr && *secret != '\0') {
    known.credential = Credential{.id = {ClaimedSecretId(envelope)}, .secret_key = secret};
  }
  return absl::OkStatus();
}

// A captured request may hold anything, and a terminal obeys some of it.
std::string Printable(std::string text) {
  for (char& c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\n') || byte == 0x7f) c = '?';
  }
  return text;
}

void PrintIndented(const char* title, const std::string& text) {
  if (text.empty()) return;
  std::printf("\n%s\n    %s\n", title,
              absl::StrReplaceAll(Printable(text), {{"\n", "\n    "}}).c_str());
}

void PrintUnchecked(const Circumstances& known, bool has_data) {
  if (!known.credential) {
    const std::string why =
        has_data
            ? "the data folder has not its key"
            : absl::StrCat("name the data folder (--data), or put the key into ", kSecretVariable);
    std::printf("?      %-14s not checked: %s\n", "signature", why.c_str());
  }
  if (!known.is_key_known && !has_data) {
    std::printf(
        "?      %-14s its switches, token and end not checked: name the data folder (--data)\n",
        "key");
  }
}

void Print(const Diagnosis& diagnosis, const Circumstances& known, bool has_data) {
  for (const Finding& finding : diagnosis.findings) {
    std::printf("%-6s %-14s %s\n", finding.fits ? "fits" : "WRONG", finding.part.c_str(),
                Printable(finding.text).c_str());
  }
  if (!diagnosis.string_to_sign.empty()) PrintUnchecked(known, has_data);
  PrintIndented("The server's canonical request:", diagnosis.canonical_request);
  PrintIndented("The server's string to sign:", diagnosis.string_to_sign);
  if (!diagnosis.signature_start.empty()) {
    std::printf("\nThe server's signature begins %s\n",
                Printable(diagnosis.signature_start).c_str());
  }
}

absl::StatusOr<bool> Examine(const Options& options, CommandContext& context) {
  ASSIGN_OR_RETURN(const Envelope envelope, RequestFrom(options));
  Circumstances known;
  std::string text;
  if (!options.config.empty()) {
    ASSIGN_OR_RETURN(text, ReadAll(options.config));
  }
  ASSIGN_OR_RETURN(const config::Config config, ParseConfig(text, Mode::kPlain));
  known.options = VerifierOptionsOf(config);
  known.now = options.at == 0 ? context.clock.Now() : absl::FromUnixSeconds(options.at);
  RETURN_IF_ERROR(FindKey(options, envelope, context, known));
  known.listeners = ListenersOf(options);
  const Diagnosis diagnosis = Diagnose(envelope, known);
  Print(diagnosis, known, !options.data.empty());
  return diagnosis.fits();
}

int Run(const Options& options, CommandContext& context) {
  const absl::StatusOr<bool> fits = Examine(options, context);
  if (!fits.ok()) return ExitWith(fits.status());
  return *fits ? kExitOk : kExitFailed;
}

}  // namespace

void AddDoctor(CLI::App& app, CommandContext& context) {
  CLI::App* doctor = app.add_subcommand("doctor", "Say what does not fit in a signed request");
  const auto options = std::make_shared<Options>();
  doctor->add_option("file", options->file, "The request as it was sent; - is standard input");
  doctor->add_option("--method", options->method, "Of a described request")->capture_default_str();
  doctor
      ->add_option("--target", options->target,
                   "Path and query, or the URL, whose host is the Host header if none is given")
      ->capture_default_str();
  doctor->add_option("--header,-H", options->headers, "\"Name: value\", once for each header");
  doctor->add_option("--body", options->body, "The body");
  doctor->add_option("--body-file", options->body_file, "A file that holds the body");
  doctor->add_option("--data", options->data, "Data folder of the service, which has the key");
  doctor->add_option("--config", options->config, "Configuration file of the service")
      ->check(CLI::ExistingFile);
  doctor->add_option("--at", options->at, "The service's clock then, in Unix seconds; default now");
  doctor->add_flag("--tls", options->is_tls, "It came over TLS");
  doctor->add_flag("--network", options->is_network, "It came to a listener beyond loopback");
  doctor->footer(
      "Without --data the SecretKey is taken from TENCENTCLOUD_SECRET_KEY; it has no flag, since\n"
      "others can see flags. Keys, tokens and private keys are never printed, and of a signature\n"
      "no more than its beginning.\n"
      "A call of gRPC is known by its content type, application/grpc. Its :method, :path and\n"
      ":authority may stand among the headers; its message may have its frame.\n"
      "Exit code 0 if all that was checked fits (`?` says what was not), 1 if something does not,\n"
      "2 for wrong usage. For example:\n"
      "  curl -v … 2>&1 | certwright doctor - --body-file request.json --data certwright-data");
  doctor->callback([options, &context] {
    context.chosen = [options, &context] { return Run(*options, context); };
  });
}

}  // namespace certwright
