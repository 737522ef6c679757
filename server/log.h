// Structured logs: one JSON object a line, on standard error. Never keys, signatures or payloads.
#ifndef CERTWRIGHT_SERVER_LOG_H_
#define CERTWRIGHT_SERVER_LOG_H_

#include "absl/strings/string_view.h"
#include "server/pipeline.h"

namespace certwright {

// Thread-safe, all of them.

// When quiet, only failures of ours are logged.
void SetQuietLog(bool is_quiet);

// One line a call: action, account, request id, code, microseconds.
void LogCall(const Pipeline::Record& record);

void LogInfo(absl::string_view event, absl::string_view detail);
void LogError(absl::string_view event, absl::string_view detail);

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_LOG_H_
