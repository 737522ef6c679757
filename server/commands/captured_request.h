// A request as somebody wrote it down: for `certwright doctor`.
#ifndef CERTWRIGHT_SERVER_COMMANDS_CAPTURED_REQUEST_H_
#define CERTWRIGHT_SERVER_COMMANDS_CAPTURED_REQUEST_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/call.h"

namespace certwright {

// Reads a request, "METHOD target HTTP/1.1", header lines, an empty line, the body. In place of the
// first line, or beside it, the pseudo headers of HTTP/2 may stand (`:method: POST`). Lines may end
// in LF, and may begin with the "> " of `curl -v`, whose other lines are skipped. With a
// Content-Length the body is that long where so much is there; a surplus line end goes, since
// editors add one, unless the body is a gRPC message. InvalidArgument says which line does not
// read.
absl::StatusOr<Envelope> ParseCapturedRequest(absl::string_view text);

// Adds "Name: value" to it, or one of the pseudo headers.
absl::Status AddHeaderLine(absl::string_view line, Envelope& envelope);

// To be called when all is there. A call of gRPC, which its content type says, becomes what the
// gRPC library makes of it: without the headers that it keeps to itself, its message without the
// frame, if it has one. InvalidArgument if that is compressed.
absl::Status CompleteCapturedRequest(Envelope& envelope);

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_COMMANDS_CAPTURED_REQUEST_H_
