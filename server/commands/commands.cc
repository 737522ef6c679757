#include "server/commands/commands.h"

#include <cstdio>
#include <string>

namespace certwright {

int ExitWith(const absl::Status& status) {
  if (status.ok()) return kExitOk;
  std::fprintf(stderr, "certwright: %s\n", std::string(status.message()).c_str());
  return status.code() == absl::StatusCode::kInvalidArgument ? kExitUsage : kExitFailed;
}

}  // namespace certwright
