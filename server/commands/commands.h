// The subcommands of `certwright`. Each adds itself to the command line; what it does when chosen
// is left in `chosen`, which returns the process's exit code.
#ifndef CERTWRIGHT_SERVER_COMMANDS_COMMANDS_H_
#define CERTWRIGHT_SERVER_COMMANDS_COMMANDS_H_

#include <functional>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "core/clock.h"
#include "core/random.h"

namespace certwright {

// Exit codes of every command.
enum ExitCode : int {
  kExitOk = 0,
  kExitFailed = 1,    // it was tried and did not work; for `call`: the service refused
  kExitUsage = 2,     // the command line, the configuration or the input is wrong
  kExitNoAnswer = 3,  // of `call` and `conformance`: nothing answered
};

// The same for whoever asks for --help.
inline constexpr char kExitCodesHelp[] =
    "Exit codes: 0 done; 1 it was tried and did not work, or the service refused it; 2 wrong "
    "usage:\n"
    "command line, configuration or input; 3 (`call`, `conformance`) nothing\nanswered.";

// Says on standard error what went wrong, and which exit code that is.
int ExitWith(const absl::Status& status);

// One subcommand has to be named. The error about a wrong one shows it, unlike the library's own.
void RequireSubcommand(CLI::App& app);

struct CommandContext {
  const Clock& clock;
  Random& random;
  std::function<int()> chosen = {};
};

void AddServe(CLI::App& app, CommandContext& context);
void AddInit(CLI::App& app, CommandContext& context);
void AddAccount(CLI::App& app, CommandContext& context);
void AddKey(CLI::App& app, CommandContext& context);
void AddLedger(CLI::App& app, CommandContext& context);
void AddSign(CLI::App& app, CommandContext& context);
void AddEnv(CLI::App& app, CommandContext& context);
void AddCall(CLI::App& app, CommandContext& context);
void AddDoctor(CLI::App& app, CommandContext& context);
void AddCatalogue(CLI::App& app, CommandContext& context);
void AddConformance(CLI::App& app, CommandContext& context);

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_COMMANDS_COMMANDS_H_
