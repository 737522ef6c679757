// certwright conformance: calls every documented action of a running service, and says what came.
#include <cstdio>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/status_macros.h"
#include "server/commands/client.h"
#include "server/commands/commands.h"
#include "server/commands/conformance.h"
#include "server/config.h"
#include "server/next_step.h"

namespace certwright {
namespace {

struct Options {
  ClientOptions client = {};
  std::string write = {};
  std::string check = {};
  std::string limits = {};
};

absl::StatusOr<std::string> ReadFile(const std::string& path, absl::string_view flag) {
  const std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  if (file) return text.str();
  return absl::InvalidArgumentError(absl::StrCat("cannot read ", flag, " ", path));
}

// Beside the page, unless named.
std::string LimitsFile(const Options& options) {
  if (!options.limits.empty()) return options.limits;
  const std::size_t slash = options.write.rfind('/');
  const std::string folder = slash == std::string::npos ? "" : options.write.substr(0, slash + 1);
  return absl::StrCat(folder, "conformance-limits.md");
}

absl::Status WritePage(const Options& options, const Conformance& seen, const std::string& limits) {
  std::ofstream file(options.write);
  file << ConformancePage(seen, limits);
  file.close();
  if (file) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("cannot write ", options.write));
}

absl::Status CheckPage(const Options& options, const Conformance& seen, const std::string& page) {
  const absl::StatusOr<std::vector<std::string>> drops = FindDrops(seen, page);
  if (!drops.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--check ", options.check, " ", drops.status().message()));
  }
  if (drops->empty()) {
    std::printf("Nothing that %s says has dropped.\n", options.check.c_str());
    return absl::OkStatus();
  }
  for (const std::string& drop : *drops) std::fprintf(stderr, "%s\n", drop.c_str());
  return absl::FailedPreconditionError(absl::StrCat(
      drops->size(), " of what ", options.check,
      " says no longer hold. Where that is meant: certwright conformance --write ", options.check));
}

absl::Status Run(Options& options, CommandContext& context) {
  RETURN_IF_ERROR(CompleteClientOptions(options.client));
  RETURN_IF_ERROR(RequireAddress(options.client.http, "http"));
  RETURN_IF_ERROR(ParseHostPort(options.client.http).status());
  // What is to be read is read before the service is called for nothing.
  std::string limits;
  std::string page;
  if (!options.write.empty()) {
    ASSIGN_OR_RETURN(limits, ReadFile(LimitsFile(options), "--limits"));
  }
  if (!options.check.empty()) {
    ASSIGN_OR_RETURN(page, ReadFile(options.check, "--check"));
  }
  Prober prober(options.client, context.clock);
  CallAsMeant(prober, context.clock, context.random);
  CallWrongly(prober);
  RETURN_IF_ERROR(prober.status());
  if (options.write.empty() && options.check.empty()) {
    std::printf("%s", ConformancePage(prober.seen(), "").c_str());
  }
  if (!options.write.empty()) RETURN_IF_ERROR(WritePage(options, prober.seen(), limits));
  if (!options.check.empty()) return CheckPage(options, prober.seen(), page);
  return absl::OkStatus();
}

int RunConformance(Options& options, CommandContext& context) {
  const absl::Status status = Run(options, context);
  if (!absl::IsUnavailable(status)) return ExitWith(status);
  (void)ExitWith(WithNextStep(status, status.code(),
                              "start the service with: certwright serve --demo, or name another "
                              "with --endpoint-env or --http"));
  return kExitNoAnswer;
}

}  // namespace

void AddConformance(CLI::App& app, CommandContext& context) {
  CLI::App* conformance = app.add_subcommand(
      "conformance", "Call every documented action of a service, and tell what came");
  const auto options = std::make_shared<Options>();
  AddClientOptions(*conformance, options->client);
  options->client.language = "en-US";
  conformance->add_option("--write", options->write, "Write the page into this file (Markdown)");
  conformance->add_option("--check", options->check,
                          "Fail if the service does less than this page, which --write made, says");
  conformance->add_option("--limits", options->limits,
                          "The page's last section [conformance-limits.md beside --write]");
  conformance->footer(
      "Without --write and --check the page goes to standard output. The calls are over HTTP, and\n"
      "they order, upload and delete: use a service that is there for it, and an operator's key, "
      "as\n"
      "`certwright serve --demo` has it:\n"
      "  certwright serve --demo --data DIR &\n"
      "  certwright conformance --endpoint-env DIR/endpoint.env --check docs/conformance.md\n"
      "Exit codes: 0 done, and nothing dropped; 1 something dropped, or the service does not let\n"
      "itself be called; 2 wrong usage; 3 nothing answered.");
  conformance->callback([options, &context] {
    context.chosen = [options, &context] { return RunConformance(*options, context); };
  });
}

}  // namespace certwright
