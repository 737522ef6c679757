// certwright: the command line. Builds the machine's own clock and randomness, hands them down.
#include <sys/resource.h>

#include <csignal>
#include <cstdio>
#include <exception>

#include "absl/synchronization/mutex.h"
#include "google/protobuf/stubs/logging.h"
#include "server/catalogue_file.h"
#include "server/commands/commands.h"
#include "server/system.h"

namespace {

// Keys are in memory: a crash must not leave them in a file.
void ForbidCoreDumps() {
  const rlimit none = {0, 0};
  (void)setrlimit(RLIMIT_CORE, &none);
}

// A connection is a descriptor, and a shell's soft limit of 1024 is less than the transports take.
void AllowDescriptors() {
  rlimit files = {};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  (void)setrlimit(RLIMIT_NOFILE, &files);
}

int Run(int argc, char** argv) {
  certwright::SystemClock clock;
  certwright::SystemRandom random;
  certwright::CommandContext context = {clock, random};

  CLI::App app{
      "Certwright: a certificate service that a team runs itself. It speaks the Tencent Cloud SSL\n"
      "Certificates API (2019-12-05) over HTTP and gRPC.\n"
      "Try: certwright serve --demo",
      "certwright"};
  certwright::RequireSubcommand(app);
  // Subcommands take it over, unless they say it more exactly.
  app.footer(certwright::kExitCodesHelp);
  app.set_version_flag("--version", "certwright " CERTWRIGHT_VERSION " (API ssl 2019-12-05)");
  certwright::AddServe(app, context);
  certwright::AddInit(app, context);
  certwright::AddAccount(app, context);
  certwright::AddKey(app, context);
  certwright::AddCall(app, context);
  certwright::AddLedger(app, context);
  certwright::AddSign(app, context);
  certwright::AddDoctor(app, context);
  certwright::AddEnv(app, context);
  certwright::AddConformance(app, context);
  certwright::AddCatalogue(app, context);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? certwright::kExitOk : certwright::kExitUsage;
  }
  if (const absl::Status status = certwright::InstallBuiltInCatalogue(); !status.ok()) {
    return certwright::ExitWith(status);
  }
  return context.chosen ? context.chosen() : certwright::kExitUsage;
}

}  // namespace

int main(int argc, char** argv) {
  ForbidCoreDumps();
  AllowDescriptors();
  // What is wrong with foreign bytes goes into the answer, not onto our standard error.
  google::protobuf::SetLogHandler(nullptr);
  // Debian's absl looks for deadlocks on every lock, which costs a tenth of a read.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return Run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "certwright: %s\n", error.what());
    return certwright::kExitFailed;
  }
}
