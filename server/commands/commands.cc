#include "server/commands/commands.h"

#include <cstdio>
#include <string>

namespace certwright {

void RequireSubcommand(CLI::App& app) {
  app.require_subcommand(0, 1);
  app.callback([&app] {
    if (app.get_subcommands().empty()) throw CLI::RequiredError("A subcommand");
  });
}

int ExitWith(const absl::Status& status) {
  if (status.ok()) return kExitOk;
  std::fprintf(stderr, "certwright: %s\n", std::string(status.message()).c_str());
  if (absl::IsDataLoss(status)) {
    std::fprintf(stderr,
                 "Next: if master.key was changed, put the right one back (or set "
                 "CERTWRIGHT_MASTER_KEY); else restore the data folder from its copy.\n");
  }
  return status.code() == absl::StatusCode::kInvalidArgument ? kExitUsage : kExitFailed;
}

}  // namespace certwright
