// A request as somebody wrote it down: for `certwright doctor`.
#ifndef CERTWRIGHT_SERVER_COMMANDS_CAPTURED_REQUEST_H_
#define CERTWRIGHT_SERVER_COMMANDS_CAPTURED_REQUEST_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/call.h"

namespace certwright {

// Reads an HTTP/1.1 request, "METHOD target HTTP/1.1", header lines, an empty line, the body. Lines
// may end in LF, and may begin with the "> " of `curl -v`, whose other lines are skipped. With a
// Content-Length the body is that long where so much is there; a surplus line end goes, since
// editors add one. InvalidArgument says which line does not read.
absl::StatusOr<Envelope> ParseCapturedRequest(absl::string_view text);

// Adds "Name: value" to it.
absl::Status AddHeaderLine(absl::string_view line, Envelope& envelope);

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_COMMANDS_CAPTURED_REQUEST_H_
